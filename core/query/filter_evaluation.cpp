// SPDX-License-Identifier: GPL-3.0-or-later
//
// Term by term: each clears what it does not let through of what the terms before it left. Terms that read the source
// come last.
#include <algorithm>
#include <atomic>

#include "core/query/filter.h"
#include "core/query/term_match.h"
#include "core/query/text_search.h"

namespace alloclens {
namespace {

using query::Flags;
using query::RowLoop;
using query::Term;

std::uint64_t countOf(const Flags& flags, RowLoop& rows) {
    std::atomic<std::uint64_t> count = 0;
    rows.inChunks(flags.size(), RowLoop::kChunk, [&](std::size_t begin, std::size_t end) {
        // Sums of 64 flags fit in a byte, which lets the compiler add many at a time.
        std::uint64_t sum = 0;
        for (std::size_t i = begin; i < end; i += 64) {
            std::uint8_t part = 0;
            for (std::size_t k = i; k < std::min(i + 64, end); ++k) part = static_cast<std::uint8_t>(part + flags[k]);
            sum += part;
        }
        count += sum;
    });
    return count;
}

FilterResult everything(const Analysis& analysis) {
    FilterResult all;
    all.events.assign(analysis.trace->events.count(), 1);
    all.addresses.assign(analysis.trace->addresses.size(), 1);
    all.lifetimes.assign(analysis.replay.lifetimes.size(), 1);
    all.findings.assign(analysis.findings.rows.size(), 1);
    return all;
}

}  // namespace

Result<FilterResult> applyFilter(const Analysis& analysis, const Filter& filter, const TaskContext& task) {
    if (const auto wrong = unanswerableTerm(filter, *analysis.trace)) return Filter::errorIn(filter.text(), *wrong);
    FilterResult result = everything(analysis);
    RowLoop rows(task);
    std::vector<const Term*> textTerms;
    const auto& terms = filter.terms();
    for (std::size_t i = 0; i < terms.size(); ++i) {
        if (rows.isCancelled()) return TaskContext::cancelled();
        task.report("filtering", static_cast<double>(i) / static_cast<double>(terms.size()));
        if (terms[i].field == query::Field::Text) {
            textTerms.push_back(&terms[i]);
        } else {
            query::matchTerm(analysis, terms[i], result, rows);
        }
    }
    if (!textTerms.empty()) {
        const bool isOnlyText = textTerms.size() == terms.size();
        const auto matched = query::searchText(analysis, textTerms, isOnlyText ? nullptr : &result, rows, task);
        if (!matched) return matched.error();
        for (std::size_t i = 0; i < textTerms.size(); ++i) {
            query::matchText(analysis, *textTerms[i], (*matched)[i], result, rows);
        }
    }
    result.eventCount = countOf(result.events, rows);
    result.addressCount = countOf(result.addresses, rows);
    result.lifetimeCount = countOf(result.lifetimes, rows);
    result.findingCount = countOf(result.findings, rows);
    if (rows.isCancelled()) return TaskContext::cancelled();
    return result;
}

}  // namespace alloclens
