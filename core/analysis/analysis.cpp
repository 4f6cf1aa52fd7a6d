// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/analysis.h"

#include <fmt/format.h>

#include <cassert>
#include <new>

#include "core/analysis/memory_need.h"
#include "core/base/memory.h"
#include "core/verdicts/verdicts.h"

namespace alloclens {

std::string Analysis::lifetimeText(AddressId id, std::uint32_t generation) const {
    return generation == 0 ? addressText(id) : fmt::format("{}·g{}", addressText(id), generation);
}

namespace {

/// Asks for the free memory only if much is needed, since asking takes longer than a small analysis.
Result<void> checkNeed(const Trace& trace, std::uint64_t needed) {
    constexpr std::uint64_t kMuch = std::uint64_t{64} << 20;
    return needed < kMuch ? Result<void>() : fitsInMemory(trace, needed, availableMemory());
}

Result<std::shared_ptr<const Analysis>> makeAnalysis(std::shared_ptr<const Trace> trace, const TaskContext& task) {
    auto analysis = std::make_shared<Analysis>();
    analysis->trace = trace;
    if (auto fits = checkNeed(*trace, replayNeeds(*trace)); !fits) return fits.error();
    auto replay = replayTrace(std::move(trace), task);
    if (!replay) return replay.error();
    analysis->replay = std::move(*replay);
    if (auto fits = checkNeed(*analysis->trace, findingsNeed(analysis->replay)); !fits) return fits.error();
    auto findings = detect(analysis->replay, task);
    if (!findings) return findings.error();
    analysis->findings = std::move(*findings);
    if (auto judged = judge(analysis->replay, analysis->findings, task); !judged) return judged.error();
    return std::shared_ptr<const Analysis>(std::move(analysis));
}

}  // namespace

Result<std::shared_ptr<const Analysis>> analyse(std::shared_ptr<const Trace> trace, const TaskContext& task) {
    assert(trace != nullptr);
    const auto source = trace->source;
    try {
        return makeAnalysis(std::move(trace), task);
    } catch (const std::bad_alloc&) {
        return outOfMemory(source ? source->path() : std::string());
    }
}

}  // namespace alloclens
