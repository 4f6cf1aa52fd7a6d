// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/timeline/legend.h"

#include <QFontMetrics>
#include <QPainter>

#include "app/gui/timeline/class_palette.h"
#include "app/gui/timeline/suspect_brackets.h"
#include "app/gui/timeline/verdict_mark.h"

namespace alloclens {

LegendEntries legendOf(const Scene& scene) {
    LegendEntries entries;
    entries.mode = scene.options.colourMode;
    for (int i = 0; i < colourCount(entries.mode); ++i) {
        constexpr std::uint32_t kBothShades = 3;
        if ((scene.classesUsed & (kBothShades << (1 + 2 * i))) == 0) continue;
        entries.colours.emplace_back(i, QString::fromStdString(colourMeaning(*scene.analysis, entries.mode, i)));
    }
    for (const Blame blame : {Blame::Program, Blame::Undetermined, Blame::Tracking}) {
        if (scene.hasMarksOf[static_cast<std::size_t>(blame)]) entries.marks.push_back(blame);
    }
    return entries;
}

Legend::Legend(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("legend"));
    setAccessibleName(tr("Meaning of the colours"));
    setToolTip(tr(
        "Bars are lifetimes, in two shades by turns. Marks are frees that the tracker refused: a cross where the\n"
        "program is to blame, a ring where the tracking is, a lozenge where the evidence does not decide.\n"
        "Brackets are frees of which one is the wrong one, with how likely that is; the line under them is the time\n"
        "in which the buffer was in use and its address free."));
    setFixedHeight(kHeight);
}

void Legend::setScene(const Scene* scene) {
    m_entries.reset();
    if (scene != nullptr) m_entries = legendOf(*scene);
    setSuspects(false);
    update();
}

void Legend::setSuspects(bool hasSuspects) {
    if (!m_entries || m_entries->hasSuspects == hasSuspects) return;
    m_entries->hasSuspects = hasSuspects;
    update();
}

void Legend::setText(const QString& text) {
    if (text == m_text) return;
    m_text = text;
    setAccessibleDescription(text);
    update();
}

namespace {

constexpr int kSwatch = 10;
constexpr int kGap = 16;
constexpr int kBeforeWords = 5;

QString markWords(Blame blame, bool isShort) {
    switch (blame) {
    case Blame::Program: return isShort ? QObject::tr("bug") : QObject::tr("bug of the program");
    case Blame::Undetermined: return QObject::tr("undetermined");
    case Blame::Tracking: return isShort ? QObject::tr("artefact") : QObject::tr("artefact of tracking");
    }
    return {};
}

}  // namespace

// Where there is no room for all, first the words of the marks are cut short, then their heading goes, then the last
// colours: what the lanes are is written beside them too.
void paintLegend(QPainter& painter, const QRect& place, const LegendEntries& entries, const Theme& theme) {
    const QFontMetrics metrics = painter.fontMetrics();
    const auto widthOf = [&metrics](const QString& words) {
        return kSwatch + kBeforeWords + metrics.horizontalAdvance(words) + kGap;
    };
    const auto widthOfMarks = [&](bool isShort) {
        int width = 0;
        for (const Blame blame : entries.marks) width += widthOf(markWords(blame, isShort));
        return width;
    };
    const QString suspects = entries.hasSuspects ? QObject::tr("in question") : QString();
    const int questioned = entries.hasSuspects ? widthOf(suspects) : 0;
    int colours = questioned;
    for (const auto& [colour, words] : entries.colours) colours += widthOf(words);
    const QString heading = QObject::tr("refused frees:");
    const int headed = entries.marks.empty() ? 0 : metrics.horizontalAdvance(heading) + kGap / 2;
    const int room = place.width() + kGap;  // nothing comes behind the last gap
    const bool isShort = colours + headed + widthOfMarks(false) > room;
    const bool hasHeading = headed > 0 && colours + headed + widthOfMarks(isShort) <= room;

    int x = place.left();
    const int middle = place.top() + place.height() / 2;
    const auto write = [&](int left, const QString& words) {
        painter.setPen(theme.mutedText);
        painter.drawText(QRect(left, place.top(), widthOf(words), place.height()), Qt::AlignLeft | Qt::AlignVCenter,
                         words);
    };
    const int end = place.left() + room - widthOfMarks(isShort) - questioned;
    for (const auto& [colour, words] : entries.colours) {
        if (x + widthOf(words) > end) break;
        const int top = middle - kSwatch / 2;
        painter.fillRect(x, top, kSwatch / 2, kSwatch, modeColour(theme, entries.mode, colour));
        painter.fillRect(x + kSwatch / 2, top, kSwatch / 2, kSwatch, modeColour(theme, entries.mode, colour, true));
        write(x + kSwatch + kBeforeWords, words);
        x += widthOf(words);
    }
    if (hasHeading) {
        write(x, heading);
        x += headed;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    for (const Blame blame : entries.marks) {
        constexpr double kArm = 3.5;
        const QString words = markWords(blame, isShort);
        strokeMark(painter, blame, QPointF(x + kSwatch / 2.0, middle), kArm, markColour(theme, blame), 2);
        write(x + kSwatch + kBeforeWords, words);
        x += widthOf(words);
    }
    if (!entries.hasSuspects) return;
    paintBracket(painter, QRectF(x, middle - kSwatch / 2.0, kSwatch, kSwatch), theme);
    write(x + kSwatch + kBeforeWords, suspects);
}

void Legend::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    const Theme& theme = Theme::current();
    painter.fillRect(rect(), theme.base);
    constexpr int kEdge = 8;
    const QRect place = rect().adjusted(kEdge, 0, -kEdge, 0);
    if (m_entries && !m_text.isEmpty()) {
        painter.setPen(theme.text);
        painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter, m_text);
    } else if (m_entries) {
        paintLegend(painter, place, *m_entries, theme);
    }
}

}  // namespace alloclens
