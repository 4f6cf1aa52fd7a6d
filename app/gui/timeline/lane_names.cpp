// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/timeline/lane_names.h"

#include <QFontMetricsF>
#include <QObject>

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <vector>

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

// The longest first. What is left of a short one still tells it from the others.
QStringList namesOf(Memory memory) {
    switch (memory) {
    case Memory::Unknown: return {QObject::tr("unknown"), QObject::tr("unkn."), QStringLiteral("?")};
    case Memory::L1Small: return {toQString(memoryName(memory)), QStringLiteral("SMALL"), QStringLiteral("SM")};
    case Memory::SystemMemory: return {toQString(memoryName(memory)), QStringLiteral("SYSTEM"), QStringLiteral("SYS")};
    default: return {toQString(memoryName(memory))};
    }
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
                    memories = std::max(memories, metrics.horizontalAdvance(namesOf(subLane.memory).front()));
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

    struct Named {
        const SubLane* subLane;
        Sight sight;
    };

    /// Where in [low, high] a name of that height has room, the nearest to `wanted`. `kept`: rows that other names
    /// need.
    [[nodiscard]] std::optional<double> freeTop(double wanted, double low, double high, const QRectF& column,
                                                std::span<const Named> kept) const {
        if (low > high) return std::nullopt;
        std::vector<double> tops = {std::clamp(wanted, low, high)};
        std::vector<QRectF> taken;
        for (const LaneName& name : m_names) taken.push_back(name.place);
        for (const Named& other : kept) {
            if (other.sight.tall() < kLeastPixels * kDigits) continue;
            taken.emplace_back(column.left(), other.sight.top, column.width(), other.sight.tall());
        }
        for (const QRectF& place : taken) {
            tops.push_back(place.bottom());
            tops.push_back(place.top() - column.height());
        }
        std::optional<double> best;
        for (const double top : tops) {
            if (top < low || top > high || (best && std::abs(*best - wanted) <= std::abs(top - wanted))) continue;
            // Neighbours may touch each other by a rounding error.
            const QRectF inner = QRectF(column.left(), top, column.width(), column.height())
                                     .adjusted(0, 0.01, 0, -0.01);
            const bool isFree = std::none_of(taken.begin(), taken.end(),
                                             [&inner](const QRectF& place) { return place.intersects(inner); });
            if (isFree) best = top;
        }
        return best;
    }

    // The tallest come first. A name that has no room beside its own rows takes what others leave of the lane, but its
    // letters stand at the middle of its rows, so that it says which they are.
    void addMemories(std::size_t lane, double left) {
        const double room = (m_hasAddresses ? kEdge + m_deviceWidth + kGap / 2 : m_margin - kEdge / 2) - left;
        const Sight all = sightOf(m_lanes[lane].top, m_lanes[lane].bottom);
        std::vector<Named> named;
        for (const SubLane& subLane : m_lanes[lane].subLanes) {
            const Sight sight = sightOf(subLane.top, subLane.bottom);
            if (sight.bottom > sight.top) named.push_back({&subLane, sight});
        }
        std::stable_sort(named.begin(), named.end(),
                         [](const Named& a, const Named& b) { return a.sight.tall() > b.sight.tall(); });
        for (std::size_t i = 0; i < named.size(); ++i) {
            const auto add = [&](const QFont& font, double tall, double wanted, double low, double high) {
                const QRectF column(left, 0, room, tall);
                const auto top = freeTop(wanted, low, high, column, std::span(named).subspan(i + 1));
                if (!top) return false;
                const QString text = nameThatFits(QFontMetricsF(font), room, namesOf(named[i].subLane->memory));
                m_names.push_back({text, column.translated(0, *top), font, false, lane});
                return true;
            };
            const Sight& own = named[i].sight;
            if (add(m_plain, m_line, own.top, own.top, own.bottom - m_line)) continue;
            const double middle = (own.top + own.bottom) / 2;
            const int usual = static_cast<int>(pixelSizeOf(m_plain));
            for (int pixels = usual; pixels >= kLeastPixels; --pixels) {
                QFont font = m_plain;
                if (pixels < usual) font.setPixelSize(pixels);
                const double tall = pixels * kDigits;
                const double low = std::max(all.top, middle - tall);
                if (add(font, tall, middle - tall / 2, low, std::min(all.bottom - tall, middle))) break;
            }
        }
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
    constexpr double kShare = 0.17;         // of the timeline, at most
    constexpr double kMostForNames = 0.22;  // where names would be cut else
    const double wanted = QFontMetricsF(boldOf(font)).horizontalAdvance(QStringLiteral("device 12"))
                          + QFontMetricsF(font).horizontalAdvance(QStringLiteral("SYSTEM_MEMORY")) + 2 * kEdge + kGap;
    const QFontMetricsF plain(font);
    const double device = QFontMetricsF(boldOf(font)).horizontalAdvance(QStringLiteral("d12")) + 2 * kEdge + kGap;
    const double least = device + plain.horizontalAdvance(QStringLiteral("DRAM"));
    // Names come before a little more of the lanes, but no name is worth a third of them.
    const double whole = device + plain.horizontalAdvance(QStringLiteral("L1_SMALL"));
    const double low = std::max(least, std::min(whole, width * kMostForNames));
    return static_cast<int>(std::clamp(width * kShare, low, std::max(low, wanted)));
}

int lineHeightFor(const QFont& font, int least) {
    return std::max(least, static_cast<int>(std::ceil(QFontMetricsF(font).height())) + 6);
}

QString nameThatFits(const QFontMetricsF& metrics, double room, const QStringList& names) {
    for (const QString& name : names) {
        if (metrics.horizontalAdvance(name) <= room + 0.5) return name;  // whole pixels are what one sees
    }
    return metrics.elidedText(names.back(), Qt::ElideRight, room);
}

LaneNames laneNames(const Scene& scene, const PixelMap& map, int margin, const QFont& font, bool hasAddresses) {
    return Names(scene, map, margin, font, hasAddresses).take();
}

}  // namespace alloclens
