// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/timeline/axis_ticker.h"

#include <cmath>

#include "core/base/time_units.h"
#include "core/base/units.h"

namespace alloclens {
namespace {

QString text(const std::string& utf8) { return QString::fromStdString(utf8); }

/// Ticks at whole numbers, thousands separated.
class CountTicker : public RoomyTicker {
public:
    QString widestLabel(const QCPRange& range) override {
        return text(formatCount(static_cast<std::uint64_t>(std::llround(std::max(0.0, range.upper)))));
    }

protected:
    QString getTickLabel(double tick, const QLocale& /*locale*/, QChar /*format*/, int /*precision*/) override {
        const auto value = std::llround(tick);
        return value < 0 ? QString() : text(formatCount(static_cast<std::uint64_t>(value)));
    }
};

/// Ticks at times from the start of the trace: decimal up to half a minute, then as clocks divide.
class TimeTicker : public RoomyTicker {
public:
    QString widestLabel(const QCPRange& range) override {
        return text(formatOffset(std::llround(std::max(0.0, range.upper)), std::llround(getTickStep(range)))) + '0';
    }

protected:
    double getTickStep(const QCPRange& range) override {
        constexpr double kMinute = 60e9;
        constexpr double kDay = 24 * 60 * kMinute;
        m_step = RoomyTicker::getTickStep(range);
        if (m_step > kMinute / 2) {
            for (const double minutes : {1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720}) {
                m_step = minutes * kMinute;
                if (m_step * mostTicks() >= range.size()) return m_step;
            }
            m_step = kDay * std::ceil(range.size() / kDay / mostTicks());
        }
        return m_step;
    }
    QString getTickLabel(double tick, const QLocale& /*locale*/, QChar /*format*/, int /*precision*/) override {
        const auto value = std::llround(tick);
        return value < 0 ? QString() : text(formatOffset(value, std::llround(m_step)));
    }

private:
    double m_step = 1;
};

}  // namespace

QSharedPointer<RoomyTicker> axisTickerFor(AcrossMode mode) {
    if (mode == AcrossMode::Time) return QSharedPointer<RoomyTicker>(new TimeTicker);
    return QSharedPointer<RoomyTicker>(new CountTicker);
}

}  // namespace alloclens
