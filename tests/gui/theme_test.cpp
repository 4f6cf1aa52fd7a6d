// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/theme.h"

#include <QAction>
#include <QImage>

#include <algorithm>
#include <cmath>

#include "app/gui/theme_choice.h"
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

TEST_F(ThemeTest, EveryIconOfACommandIsThere) {
    for (const QAction* action : window->commands().all()) {
        if (action->property("iconName").toString().isEmpty()) continue;
        EXPECT_FALSE(action->icon().isNull()) << action->property("iconName").toString().toStdString();
    }
}

}  // namespace
}  // namespace alloclens
