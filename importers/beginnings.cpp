// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/beginnings.h"

#include <utility>

namespace alloclens {

void Beginnings::show(const TraceBuilder& builder, std::uint64_t bytes,
                      const std::function<std::shared_ptr<const Trace>(TraceBuilder&&)>& finished) {
    if (!m_options.onPart || bytes < m_next || builder.events() == 0) return;
    m_next = bytes * kGrowth;
    if (auto trace = finished(builder.copy())) m_options.onPart(std::move(trace));
}

}  // namespace alloclens
