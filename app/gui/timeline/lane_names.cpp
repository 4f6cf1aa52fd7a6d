// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/timeline/lane_names.h"

#include <QFontMetricsF>
#include <QObject>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/gui/look/words.h"

namespace alloclens {
namespace {

constexpr double kEdge = 6;
constexpr double kGap = 8;        // between the device and its memories
constexpr int kLeastPixels = 9;   // of the smallest font
constexpr double kDigits = 0.76;  // the height of digits by the size of the font

QFont boldOf(QFont font) {
    font.setBold(true);
    return font;
}

double pixelSizeOf(const QFont& font) {
    // A font has either; metrics know both.
    return font.pixelSize() > 0 ? font.pixelSize() : QFontMetricsF(font).height() / 1.2;
}

QString nameOf(Memory memory) {
    return memory == Memory::Unknown ? QObject::tr("unknown") : toQString(memoryName(memory));
}

enum class Form { Long, Short, Number };

QString deviceName(std::int32_t device, Form form) {
    const QString number = toQString(alloclens::deviceText(device));
    switch (form) {
    case Form::Long: return QObject::tr("device %1").arg(number);
    case Form::Short: return 'd' + number;
    case Form::Number: break;
    }
    return number;
}

class Names {
public:
    Names(const Scene& scene, const PixelMap& map, int margin, const QFont& font, bool hasAddresses)
        : m_lanes(scene.layout.lanes()),
          m_map(map),
          m_margin(margin),
          m_plain(font),
          m_strong(boldOf(font)),
          m_line(QFontMetricsF(m_strong).height()),
          m_hasAddresses(hasAddresses) {}

    [[nodiscard]] LaneNames take() {
        const Form form = chosenForm();
        m_deviceWidth = widestDevice(form);
        const double left = kEdge + m_deviceWidth + kGap;
        for (std::size_t i = 0; i < m_lanes.size(); ++i) addDevice(i, form);
        for (std::size_t i = 0; i < m_lanes.size(); ++i) addMemories(i, m_hasAddresses ? kEdge : left);
        LaneNames names;
        names.names = std::move(m_names);
        names.addressLeft = left;
        return names;
    }

private:
    [[nodiscard]] double widestDevice(Form form) const {
        const QFontMetricsF metrics(m_strong);
        double widest = 0;
        for (const Lane& lane : m_lanes) {
            widest = std::max(widest, metrics.horizontalAdvance(deviceName(lane.device, form)));
        }
        return std::ceil(widest);
    }

    /// The longest with which the memories have room too.
    [[nodiscard]] Form chosenForm() const {
        const QFontMetricsF metrics(m_plain);
        double memories = m_hasAddresses ? metrics.horizontalAdvance(QStringLiteral("0x00000000")) : 0;
        for (const Lane& lane : m_lanes) {
            for (const SubLane& subLane : lane.subLanes) {
                if (!m_hasAddresses) {
                    memories = std::max(memories, metrics.horizontalAdvance(nameOf(subLane.memory)));
                }
            }
        }
        for (const Form form : {Form::Long, Form::Short}) {
            if (kEdge + widestDevice(form) + kGap + std::ceil(memories) + kEdge / 2 <= m_margin) return form;
        }
        return Form::Short;
    }

    [[nodiscard]] bool isFree(const QRectF& place) const {
        return std::none_of(m_names.begin(), m_names.end(),
                            [&place](const LaneName& other) { return other.place.intersects(place); });
    }

    struct Sight {
        double top = 0;
        double bottom = 0;
        [[nodiscard]] double tall() const { return bottom - top; }
    };
    [[nodiscard]] Sight sightOf(double top, double bottom) const {
        return {std::max(0.0, m_map.y(top)), std::min<double>(m_map.height, m_map.y(bottom))};
    }

    void addDevice(std::size_t lane, Form form) {
        const Sight sight = sightOf(m_lanes[lane].top, m_lanes[lane].bottom);
        if (sight.bottom <= sight.top) return;
        if (sight.tall() >= m_line) {
            const QRectF place(kEdge, sight.top, m_deviceWidth, m_line);
            if (isFree(place)) m_names.push_back({deviceName(m_lanes[lane].device, form), place, m_strong, true, lane});
            return;
        }
        // Low: only as tall as digits are, first the same name, then the number alone and smaller, then beside others.
        const double middle = (sight.top + sight.bottom) / 2;
        const double usual = pixelSizeOf(m_strong);
        const double fitting = std::clamp(sight.tall() / kDigits, double{kLeastPixels}, usual);
        const Form low = sight.tall() >= usual * kDigits ? form : Form::Number;
        QFont font = m_strong;
        if (fitting < usual) font.setPixelSize(static_cast<int>(fitting));
        const QString text = deviceName(m_lanes[lane].device, low);
        const double wide = std::ceil(QFontMetricsF(font).horizontalAdvance(text));
        const double tall = std::min(pixelSizeOf(font) * kDigits, m_line);
        const double top = std::clamp(middle - tall / 2, 0.0, std::max(0.0, m_map.height - tall));
        for (double left = kEdge; left + wide <= m_margin - kEdge / 2; left += std::max(wide, 1.0) + kGap / 2) {
            const QRectF place(left, top, wide, tall);
            if (!isFree(place)) continue;
            m_names.push_back({text, place, font, true, lane});
            return;
        }
    }

    void addMemories(std::size_t lane, double left) {
        const QFontMetricsF metrics(m_plain);
        const double room = (m_hasAddresses ? kEdge + m_deviceWidth + kGap / 2 : m_margin - kEdge / 2) - left;
        double free = 0;
        for (const SubLane& subLane : m_lanes[lane].subLanes) {
            const Sight sight = sightOf(subLane.top, subLane.bottom);
            double top = std::max(sight.top, free);
            // The rows of unknown memory are few, and last. They may take what room is left above them.
            const bool isUnknown = subLane.memory == Memory::Unknown;
            if (isUnknown && sight.bottom > sight.top) {
                top = std::max({free, sightOf(m_lanes[lane].top, subLane.bottom).top, sight.bottom - m_line});
                top = std::min(top, std::max(sight.top, free));
            }
            if (m_hasAddresses) top = belowDevice(lane, top);
            const double digits = pixelSizeOf(m_plain) * kDigits;
            if (sight.bottom <= sight.top || sight.bottom - top < digits) continue;
            // Of a low one the letters are in its middle.
            const double tall = std::min(m_line, sight.bottom - top);
            const QRectF place(left, top, room, tall);
            if (!isFree(place)) continue;
            const QString text = metrics.elidedText(nameOf(subLane.memory), Qt::ElideRight, room);
            m_names.push_back({text, place, m_plain, false, lane});
            free = top + tall;
        }
    }

    [[nodiscard]] double belowDevice(std::size_t lane, double top) const {
        for (const LaneName& name : m_names) {
            if (name.isDevice && name.lane == lane && name.place.bottom() > top) return name.place.bottom();
        }
        return top;
    }

    const std::vector<Lane>& m_lanes;
    const PixelMap& m_map;
    int m_margin;
    QFont m_plain;
    QFont m_strong;
    double m_line;
    double m_deviceWidth = 0;
    bool m_hasAddresses;
    std::vector<LaneName> m_names;
};

}  // namespace

int laneMargin(const QFont& font, int width) {
    constexpr double kShare = 0.17;  // of the timeline, at most
    const double wanted = QFontMetricsF(boldOf(font)).horizontalAdvance(QStringLiteral("device 12"))
                          + QFontMetricsF(font).horizontalAdvance(QStringLiteral("SYSTEM_MEMORY")) + 2 * kEdge + kGap;
    const double low = QFontMetricsF(boldOf(font)).horizontalAdvance(QStringLiteral("d12"))
                       + QFontMetricsF(font).horizontalAdvance(QStringLiteral("DRAM")) + 2 * kEdge + kGap;
    return static_cast<int>(std::clamp(width * kShare, low, std::max(low, wanted)));
}

int lineHeightFor(const QFont& font, int least) {
    return std::max(least, static_cast<int>(std::ceil(QFontMetricsF(font).height())) + 6);
}

QString nameThatFits(const QFontMetrics& metrics, int room, const QStringList& names) {
    for (const QString& name : names) {
        if (metrics.horizontalAdvance(name) <= room) return name;
    }
    return metrics.elidedText(names.back(), Qt::ElideRight, room);
}

LaneNames laneNames(const Scene& scene, const PixelMap& map, int margin, const QFont& font, bool hasAddresses) {
    return Names(scene, map, margin, font, hasAddresses).take();
}

}  // namespace alloclens
