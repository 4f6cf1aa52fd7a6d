// SPDX-License-Identifier: GPL-3.0-or-later
//
// Term by term and column by column: each term's flags are combined with what the terms before it left. Terms that
// read the source come last.
#include <numeric>
#include <utility>

#include "core/query/filter.h"
#include "core/query/term_match.h"
#include "core/query/text_search.h"

namespace alloclens {
namespace {

using query::Flags;
using query::Hits;
using query::Term;

void combine(Flags& alive, const Flags& hits, bool isNegated) {
    const std::uint8_t flip = isNegated ? 1 : 0;
    for (std::size_t i = 0; i < alive.size(); ++i) alive[i] = static_cast<std::uint8_t>(alive[i] & (hits[i] ^ flip));
}

void combine(FilterResult& alive, const Hits& hits, bool isNegated) {
    combine(alive.events, hits.events, isNegated);
    combine(alive.addresses, hits.addresses, isNegated);
    combine(alive.lifetimes, hits.lifetimes, isNegated);
    combine(alive.findings, hits.findings, isNegated);
}

std::uint64_t countOf(const Flags& flags) { return std::accumulate(flags.begin(), flags.end(), std::uint64_t{0}); }

}  // namespace

Result<FilterResult> applyFilter(const Analysis& analysis, const Filter& filter, const TaskContext& task) {
    FilterResult result;
    result.events.assign(analysis.trace->events.count(), 1);
    result.addresses.assign(analysis.trace->addresses.size(), 1);
    result.lifetimes.assign(analysis.replay.lifetimes.size(), 1);
    result.findings.assign(analysis.findings.rows.size(), 1);

    query::RowLoop rows(task);
    std::vector<const Term*> textTerms;
    const auto& terms = filter.terms();
    for (std::size_t i = 0; i < terms.size(); ++i) {
        if (rows.isCancelled()) return TaskContext::cancelled();
        task.report("filtering", static_cast<double>(i) / static_cast<double>(terms.size()));
        if (terms[i].field == query::Field::Text) {
            textTerms.push_back(&terms[i]);
        } else {
            combine(result, query::matchTerm(analysis, terms[i], rows), terms[i].isNegated);
        }
    }
    if (!textTerms.empty()) {
        const auto hits = query::searchText(analysis, textTerms, result, rows);
        if (!hits) return hits.error();
        for (std::size_t i = 0; i < textTerms.size(); ++i) combine(result, (*hits)[i], textTerms[i]->isNegated);
    }
    if (rows.isCancelled()) return TaskContext::cancelled();
    result.eventCount = countOf(result.events);
    result.addressCount = countOf(result.addresses);
    result.lifetimeCount = countOf(result.lifetimes);
    result.findingCount = countOf(result.findings);
    return result;
}

}  // namespace alloclens
