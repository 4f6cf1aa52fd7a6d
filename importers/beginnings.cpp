// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/beginnings.h"

#include <utility>

namespace alloclens {

void Beginnings::show(const TraceBuilder& builder, std::uint64_t bytes,
                      const std::function<std::shared_ptr<const Trace>(TraceBuilder&&)>& finished) {
    if (!m_options.onPart || bytes < m_next || builder.events() == 0) return;
    m_next = bytes * kGrowth;
    TraceBuilder copy = builder.copy();
    copy.draft().isGrowing = true;
    if (auto trace = finished(std::move(copy))) m_options.onPart(std::move(trace));
}

}  // namespace alloclens
