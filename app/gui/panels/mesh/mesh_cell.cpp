// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/mesh/mesh_cell.h"

#include <QPainter>
#include <QStringList>

#include <algorithm>
#include <array>
#include <utility>

#include "app/gui/look/words.h"

namespace alloclens {
namespace {

constexpr int kSwatchWidth = 37;
constexpr int kSwatchHeight = 14;
constexpr int kOwnWay = 14;
constexpr int kGap = 6;
constexpr std::size_t kSteps = 4;

QString legendLacks() { return QObject::tr("missing"); }
QString legendSurplus() { return QObject::tr("extra"); }
QString legendApart() { return QObject::tr("too different"); }

QString signedText(const char* sign, std::uint64_t events) { return QString::fromUtf8(sign) + countText(events); }
constexpr auto kMinus = "\u2212";
constexpr auto kPlus = "+";

/// Black or white, whichever stands out.
QColor inkOn(const QColor& ground) { return ground.lightness() < 128 ? QColor(Qt::white) : QColor(0x10, 0x12, 0x14); }

struct Part {
    QBrush brush;
    const char* sign = nullptr;  ///< of the number on it; none where there is none
    std::uint64_t events = 0;
};

// There may be tens of thousands of cells: no text is made for one that has no room for it.
void paintPart(QPainter& painter, const QRect& place, const Part& part) {
    painter.fillRect(place, part.brush);
    constexpr int kRoom = 4;
    constexpr int kDigits = 12;  // a sign and a digit are never narrower
    if (part.sign == nullptr || place.width() < kDigits) return;
    const QString text = signedText(part.sign, part.events);
    const QFontMetrics metrics = painter.fontMetrics();
    if (metrics.horizontalAdvance(text) + kRoom > place.width() || metrics.ascent() > place.height()) return;
    painter.setPen(inkOn(part.brush.color()));
    painter.drawText(place, Qt::AlignCenter, text);
}

}  // namespace

std::size_t residualStep(std::uint64_t events) {
    if (events < 2) return 0;
    return events < 10 ? 1 : (events < 100 ? 2 : 3);
}

QString residualText(const MeshMatrix::Sum& sum) {
    QStringList parts;
    if (sum.lacked > 0) parts += signedText(kMinus, sum.lacked);
    if (sum.surplus > 0) parts += signedText(kPlus, sum.surplus);
    if (sum.apart > 0) parts += legendApart();
    return parts.join(' ');
}

void paintMeshCell(QPainter& painter, const QRect& place, const MeshMatrix::Sum& sum, const Theme& theme) {
    std::array<Part, 3> parts;
    int count = 0;
    const auto add = [&](Part part) { parts[static_cast<std::size_t>(count++)] = std::move(part); };
    if (sum.lacked > 0) add({theme.lacking[residualStep(sum.lacked)], kMinus, sum.lacked});
    if (sum.surplus > 0) add({theme.surplus[residualStep(sum.surplus)], kPlus, sum.surplus});
    if (sum.apart > 0) add({QBrush(theme.mutedText, Qt::BDiagPattern)});
    const bool isWide = place.width() >= place.height();
    const int length = isWide ? place.width() : place.height();
    for (int i = 0; i < count; ++i) {
        const int from = length * i / count;
        const int to = length * (i + 1) / count;
        const QRect part = isWide ? QRect(place.left() + from, place.top(), to - from, place.height())
                                  : QRect(place.left(), place.top() + from, place.width(), to - from);
        paintPart(painter, part, parts[static_cast<std::size_t>(i)]);
    }
}

MeshLegend::MeshLegend(QWidget* parent) : QWidget(parent) {
    setObjectName("meshLegend");
    setAccessibleName(tr("Meaning of the colours of the mesh"));
    setToolTip(tr("Blue: missing events. Ochre: extra events. Darker means more.\n"
                  "Hatched: too different from the others to compare event by event.\n"
                  "If there is no room for all addresses, neighbours share a cell, which adds up their events."));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

QSize MeshLegend::sizeHint() const {
    const QFontMetrics metrics = fontMetrics();
    const int words = metrics.horizontalAdvance(legendLacks()) + metrics.horizontalAdvance(legendSurplus())
                      + metrics.horizontalAdvance(legendApart());
    return {words + 2 * static_cast<int>(kSteps) * kSwatchWidth + kOwnWay + 6 * kGap,
            std::max(kSwatchHeight + 2, metrics.height())};
}

void MeshLegend::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    const Theme& theme = Theme::current();
    const QFontMetrics words = painter.fontMetrics();
    QFont small = font();
    small.setPointSizeF(std::max(6.0, small.pointSizeF() * 0.8));
    constexpr std::array<const char*, kSteps> kNames = {"1", "2+", "10+", "100+"};
    const int top = (height() - kSwatchHeight) / 2;
    int x = 0;
    const auto write = [&](const QString& text) {
        painter.setFont(font());
        painter.setPen(theme.mutedText);
        painter.drawText(QRect(x, 0, width(), height()), Qt::AlignLeft | Qt::AlignVCenter, text);
        x += words.horizontalAdvance(text) + kGap;
    };
    const auto swatch = [&](const QColor& colour, std::size_t step, const char* sign) {
        const QRect place(x, top, kSwatchWidth - 1, kSwatchHeight);
        painter.fillRect(place, colour);
        painter.setFont(small);
        painter.setPen(inkOn(colour));
        painter.drawText(place, Qt::AlignCenter, QString::fromUtf8(sign) + kNames[step]);
        x += kSwatchWidth;
    };
    write(legendLacks());
    for (std::size_t step = kSteps; step-- > 0;) swatch(theme.lacking[step], step, kMinus);
    for (std::size_t step = 0; step < kSteps; ++step) swatch(theme.surplus[step], step, kPlus);
    x += kGap;
    write(legendSurplus());
    x += kGap;
    painter.fillRect(QRect(x, top, kOwnWay, kSwatchHeight), QBrush(theme.mutedText, Qt::BDiagPattern));
    x += kOwnWay + kGap;
    write(legendApart());
}

}  // namespace alloclens
