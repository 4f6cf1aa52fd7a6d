// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/look/theme.h"

#include <QAbstractItemView>
#include <QAction>
#include <QCompleter>
#include <QImage>
#include <QLineEdit>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/gui/look/verdict_mark.h"
#include "app/gui/panels/source/source_view.h"
#include "app/gui/window/theme_choice.h"
#include "window_fixture.h"

namespace alloclens {
namespace {

class ThemeTest : public WindowTest {
protected:
    ~ThemeTest() override { applyTheme(ThemeChoice::Light); }
};

// Relative luminance and contrast as WCAG 2 defines them.
double luminance(const QColor& colour) {
    const auto linear = [](double c) { return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}
double contrast(const QColor& a, const QColor& b) {
    const auto [low, high] = std::minmax({luminance(a), luminance(b)});
    return (high + 0.05) / (low + 0.05);
}

TEST_F(ThemeTest, TheThemeIsSwitchedAtOnceAndRemembered) {
    const QImage before = window->commands()[Command::Open].icon().pixmap(16, 16).toImage();
    trigger(Command::ThemeDark);
    EXPECT_TRUE(Theme::current().isDark);
    EXPECT_EQ(window->palette().color(QPalette::Window), Theme::dark().window);
    EXPECT_EQ(rememberedThemeChoice(), ThemeChoice::Dark);
    QTest::qWait(20);
    const QImage after = window->commands()[Command::Open].icon().pixmap(16, 16).toImage();
    EXPECT_NE(before, after) << "icons follow the theme";
    trigger(Command::ThemeLight);
    EXPECT_FALSE(Theme::current().isDark);
}

TEST_F(ThemeTest, TextCanBeReadOnEveryGround) {
    for (const Theme* theme : {&Theme::light(), &Theme::dark()}) {
        for (const QColor& ground : {theme->window, theme->base, theme->alternate}) {
            EXPECT_GE(contrast(theme->text, ground), 4.5);
            EXPECT_GE(contrast(theme->mutedText, ground), 4.5);
            EXPECT_GE(contrast(theme->accent, ground), 4.5) << "links";
        }
        EXPECT_GE(contrast(theme->palette().color(QPalette::HighlightedText), theme->accent), 4.5);
    }
}

// As people see it who lack one sort of cone (Machado, Oliveira and Fernandes 2009), in the coordinates of CIE Lab.
using Matrix = std::array<std::array<double, 3>, 3>;
constexpr std::array<Matrix, 4> kEyes = {{
    {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
    {{{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}},
    {{{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}},
    {{{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}},
}};

std::array<double, 3> labSeen(const QColor& colour, const Matrix& eye) {
    const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    const std::array<double, 3> light = {linear(colour.redF()), linear(colour.greenF()), linear(colour.blueF())};
    const auto seen = [&](std::size_t row) {
        return std::clamp(eye[row][0] * light[0] + eye[row][1] * light[1] + eye[row][2] * light[2], 0.0, 1.0);
    };
    const double r = seen(0), g = seen(1), b = seen(2);
    const auto root = [](double t) { return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116; };
    const double x = root((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
    const double y = root(0.2126 * r + 0.7152 * g + 0.0722 * b);
    const double z = root((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
    return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

/// The colour of a dot in that part of a picture: of a square of pixels that are alike, which no letter has, on
/// another ground. Invalid where there is none.
QColor dotIn(const QImage& image, const QRect& part, const QColor& ground) {
    constexpr int kSide = 3;
    for (int y = part.top(); y + kSide <= part.bottom(); ++y) {
        for (int x = part.left(); x + kSide <= part.right(); ++x) {
            const QRgb colour = image.pixel(x, y);
            bool isSquare = colour != ground.rgb();
            for (int i = 0; i < kSide * kSide; ++i) isSquare &= image.pixel(x + i % kSide, y + i / kSide) == colour;
            if (isSquare) return colour;
        }
    }
    return {};
}

TEST_F(ThemeTest, TheDotsOfEventsInTheSourceStandOut) {
    open(writeFile("dots.log", "[PID 7] Allocated 4096 bytes of L1 on device 0 (buffer_id=64)\n"
                               "a line of something else\n"
                               "[PID 7] Deallocation for unknown buffer 64 on device 1\n"));
    trigger(Command::ShowSource);
    auto& source = *window->findChild<SourceView*>();
    state().clearSelection();
    const int height = QFontMetrics(source.font()).height() + 2;
    for (const ThemeChoice choice : {ThemeChoice::Light, ThemeChoice::Dark}) {
        applyTheme(choice);
        QTest::qWait(20);
        ASSERT_TRUE(soon([&] { return source.shownText(3).contains("unknown buffer"); }));
        const QImage image = source.viewport()->grab().toImage();
        const int gutter = QFontMetrics(source.font()).horizontalAdvance("1,000") + 21;  // numbers and dots
        const QColor ground = Theme::current().window;
        const auto dot = [&](int line) { return dotIn(image, QRect(1, (line - 1) * height, gutter, height), ground); };
        ASSERT_TRUE(dot(1).isValid());
        ASSERT_TRUE(dot(3).isValid());
        EXPECT_FALSE(dot(2).isValid());
        EXPECT_GE(contrast(dot(1), ground), 3) << dot(1).name().toStdString();
        EXPECT_GE(contrast(dot(3), ground), 3) << dot(3).name().toStdString();
        EXPECT_NE(dot(1), dot(3)) << "a refused free is not like any event";
    }
}

TEST_F(ThemeTest, TheRowOfTheCompletionThatEnterTakesStandsOut) {
    openSample();
    for (const ThemeChoice choice : {ThemeChoice::Light, ThemeChoice::Dark}) {
        applyTheme(choice);
        QTest::qWait(20);
        filterEdit().setFocus();
        filterEdit().clear();
        QTest::keyClicks(&filterEdit(), "kind:");
        QAbstractItemView& list = *window->findChild<QCompleter*>()->popup();
        ASSERT_TRUE(soon([&] { return list.isVisible(); }));
        list.setCurrentIndex(list.model()->index(1, 0));
        const QImage image = list.viewport()->grab().toImage();
        const auto groundOf = [&](int row) {
            const QRect place = list.visualRect(list.model()->index(row, 0));
            return QColor(image.pixel(place.right() - 4, place.center().y()));
        };
        EXPECT_GE(contrast(groundOf(1), groundOf(0)), 3) << groundOf(1).name().toStdString();
        EXPECT_GE(contrast(Theme::current().palette().color(QPalette::HighlightedText), groundOf(1)), 4.5);
        list.hide();
    }
}

TEST_F(ThemeTest, TheMarksOfVerdictsAreToldApartByEveryEye) {
    constexpr std::array kBlames = {Blame::Program, Blame::Undetermined, Blame::Tracking};
    for (const Theme* theme : {&Theme::light(), &Theme::dark()}) {
        for (std::size_t i = 0; i < kBlames.size(); ++i) {
            const QColor mark = markColour(*theme, kBlames[i]);
            EXPECT_GE(contrast(mark, theme->base), 3) << blameWords(kBlames[i]);
            EXPECT_GE(contrast(mark, theme->alternate), 3) << blameWords(kBlames[i]);
            for (std::size_t j = 0; j < i; ++j) {
                for (const Matrix& eye : kEyes) {
                    const auto a = labSeen(mark, eye);
                    const auto b = labSeen(markColour(*theme, kBlames[j]), eye);
                    EXPECT_GE(std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]), 25)
                        << blameWords(kBlames[i]) << " and " << blameWords(kBlames[j]);
                }
            }
        }
    }
}

TEST_F(ThemeTest, WhatAMeshLacksIsToldFromWhatItHasTooManyOfByEveryEye) {
    const auto distance = [](const QColor& one, const QColor& other, const Matrix& eye) {
        const auto a = labSeen(one, eye);
        const auto b = labSeen(other, eye);
        return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
    };
    for (const Theme* theme : {&Theme::light(), &Theme::dark()}) {
        for (std::size_t step = 0; step < theme->lacking.size(); ++step) {
            EXPECT_GE(contrast(theme->lacking[step], theme->base), 3) << step;
            EXPECT_GE(contrast(theme->surplus[step], theme->base), 3) << step;
            for (const Matrix& eye : kEyes) {
                EXPECT_GE(distance(theme->lacking[step], theme->surplus[step], eye), 25) << step;
                if (step == 0) continue;
                EXPECT_GE(distance(theme->lacking[step], theme->lacking[step - 1], eye), 10) << step;
                EXPECT_GE(distance(theme->surplus[step], theme->surplus[step - 1], eye), 10) << step;
            }
        }
    }
}

TEST_F(ThemeTest, EveryIconOfACommandIsThere) {
    for (const QAction* action : window->commands().all()) {
        if (action->property("iconName").toString().isEmpty()) continue;
        EXPECT_FALSE(action->icon().isNull()) << action->property("iconName").toString().toStdString();
    }
}

}  // namespace
}  // namespace alloclens
