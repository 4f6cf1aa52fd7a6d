// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/timeline/legend.h"

#include <QEvent>
#include <QPainter>
#include <QStringList>

#include "app/gui/look/verdict_mark.h"
#include "app/gui/timeline/class_palette.h"
#include "app/gui/timeline/lane_names.h"
#include "app/gui/timeline/suspect_brackets.h"

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
    setFixedHeight(heightFor(font()));
}

int Legend::heightFor(const QFont& font) {
    constexpr int kLeast = 24;
    return lineHeightFor(font, kLeast);
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

/// What a line of a width has room for. Where there is no room for all, first the words of the marks are cut short,
/// then their heading goes, then the last colours: what the lanes are is written beside them too.
struct Room {
    std::size_t colours = 0;
    bool isShort = false;
    bool hasHeading = false;
};

int widthOf(const QFontMetrics& metrics, const QString& words) {
    return kSwatch + kBeforeWords + metrics.horizontalAdvance(words) + kGap;
}

QString suspectWords() { return QObject::tr("in question"); }
QString headingWords() { return QObject::tr("refused frees:"); }
QString hiddenWords(std::size_t count) { return QStringLiteral("+%1").arg(count); }

Room roomOf(const QFontMetrics& metrics, int width, const LegendEntries& entries) {
    const auto widthOfMarks = [&](bool isShort) {
        int wide = 0;
        for (const Blame blame : entries.marks) wide += widthOf(metrics, markWords(blame, isShort));
        return wide;
    };
    const int questioned = entries.hasSuspects ? widthOf(metrics, suspectWords()) : 0;
    int colours = 0;
    for (const auto& [colour, words] : entries.colours) colours += widthOf(metrics, words);
    const int headed = entries.marks.empty() ? 0 : metrics.horizontalAdvance(headingWords()) + kGap / 2;
    const int room = width + kGap;  // nothing comes after the last gap
    Room fits;
    fits.isShort = colours + questioned + headed + widthOfMarks(false) > room;
    const int marks = widthOfMarks(fits.isShort) + questioned;
    fits.hasHeading = headed > 0 && colours + headed + marks <= room;
    if (colours + marks <= room) {
        fits.colours = entries.colours.size();
        return fits;
    }
    int left = room - marks - metrics.horizontalAdvance(hiddenWords(entries.colours.size())) - kGap;
    for (const auto& [colour, words] : entries.colours) {
        left -= widthOf(metrics, words);
        if (left < 0) break;
        ++fits.colours;
    }
    return fits;
}

}  // namespace

int hiddenColours(const QFontMetrics& metrics, int width, const LegendEntries& entries) {
    return static_cast<int>(entries.colours.size() - roomOf(metrics, width, entries).colours);
}

void paintLegend(QPainter& painter, const QRect& place, const LegendEntries& entries, const Theme& theme) {
    const QFontMetrics metrics = painter.fontMetrics();
    const Room room = roomOf(metrics, place.width(), entries);
    int x = place.left();
    const int middle = place.top() + place.height() / 2;
    const auto write = [&](int left, const QString& words) {
        painter.setPen(theme.mutedText);
        painter.drawText(QRect(left, place.top(), widthOf(metrics, words), place.height()),
                         Qt::AlignLeft | Qt::AlignVCenter, words);
    };
    for (std::size_t i = 0; i < room.colours; ++i) {
        const auto& [colour, words] = entries.colours[i];
        const int top = middle - kSwatch / 2;
        painter.fillRect(x, top, kSwatch / 2, kSwatch, modeColour(theme, entries.mode, colour));
        painter.fillRect(x + kSwatch / 2, top, kSwatch / 2, kSwatch, modeColour(theme, entries.mode, colour, true));
        write(x + kSwatch + kBeforeWords, words);
        x += widthOf(metrics, words);
    }
    if (room.colours < entries.colours.size()) {
        const QString hidden = hiddenWords(entries.colours.size() - room.colours);
        write(x, hidden);
        x += metrics.horizontalAdvance(hidden) + kGap;
    }
    if (room.hasHeading) {
        write(x, headingWords());
        x += metrics.horizontalAdvance(headingWords()) + kGap / 2;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    for (const Blame blame : entries.marks) {
        constexpr double kArm = 3.5;
        const QString words = markWords(blame, room.isShort);
        strokeMark(painter, blame, QPointF(x + kSwatch / 2.0, middle), kArm, markColour(theme, blame), 2);
        write(x + kSwatch + kBeforeWords, words);
        x += widthOf(metrics, words);
    }
    if (!entries.hasSuspects) return;
    paintBracket(painter, QRectF(x, middle - kSwatch / 2.0, kSwatch, kSwatch), theme);
    write(x + kSwatch + kBeforeWords, suspectWords());
}

namespace {

constexpr int kEdge = 8;

}  // namespace

QString Legend::tip() const {
    const QString general = tr(
        "Bars are lifetimes, in two alternating shades. Marks are refused frees: a cross for a bug of the program,\n"
        "a ring for an artefact of tracking, a lozenge if the evidence does not decide. Brackets are the frees that\n"
        "may be the wrong one, with their likelihoods. The line under them is the time in which the buffer was in use\n"
        "although its address was free.");
    if (!m_entries) return general;
    const int hidden = hiddenColours(fontMetrics(), width() - 2 * kEdge, *m_entries);
    if (hidden == 0) return general;
    QStringList names;
    for (const auto& [colour, words] : m_entries->colours) names += words;
    return tr("Not shown for lack of room: %1").arg(names.mid(names.size() - hidden).join(QStringLiteral(", "))) + '\n'
           + general;
}

bool Legend::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) setToolTip(tip());
    return QWidget::event(event);
}

void Legend::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange) setFixedHeight(heightFor(font()));
}

void Legend::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    const Theme& theme = Theme::current();
    painter.fillRect(rect(), theme.base);
    if (m_entries) paintLegend(painter, rect().adjusted(kEdge, 0, -kEdge, 0), *m_entries, theme);
}

}  // namespace alloclens
