// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the axis below the lanes has its ticks, and how they are labelled: whole numbers of events and lines, or times
// from the start of the trace. Labels keep apart, whatever the width of the axis and its font.
#pragma once

#include <qcustomplot.h>

#include <algorithm>

#include "core/timeline/axis.h"

namespace alloclens {

/// A ticker whose labels keep apart: it makes no more ticks than have room.
class RoomyTicker : public QCPAxisTicker {
public:
    void setMostTicks(int most) { m_most = std::max(1, most); }
    /// A label as wide as any of the range, for a step of its own.
    [[nodiscard]] virtual QString widestLabel(const QCPRange& range) = 0;

protected:
    double getTickStep(const QCPRange& range) override {
        double step = std::max(1.0, QCPAxisTicker::getTickStep(range));
        while (range.size() / step > m_most) step *= 2;
        return step;
    }
    int getSubTickCount(double /*tickStep*/) override { return 0; }
    [[nodiscard]] int mostTicks() const { return m_most; }

private:
    int m_most = 5;
};

[[nodiscard]] QSharedPointer<RoomyTicker> axisTickerFor(AcrossMode mode);

}  // namespace alloclens
