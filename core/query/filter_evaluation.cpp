// SPDX-License-Identifier: GPL-3.0-or-later
//
// Applies term after term; each clears more rows. Terms that read the source come last, when few rows are left.
#include "core/query/filter.h"
#include "core/query/term_match.h"
#include "core/query/text_search.h"

namespace alloclens {
namespace {

using query::RowLoop;
using query::Term;

FilterResult everything(const Analysis& analysis) {
    FilterResult all;
    all.events = RowFlags(analysis.trace->events.count(), true);
    all.addresses = RowFlags(analysis.trace->addresses.size(), true);
    all.lifetimes = RowFlags(analysis.replay.lifetimes.size(), true);
    all.findings = RowFlags(analysis.findings.rows.size(), true);
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
    result.eventCount = result.events.count();
    result.addressCount = result.addresses.count();
    result.lifetimeCount = result.lifetimes.count();
    result.findingCount = result.findings.count();
    if (rows.isCancelled()) return TaskContext::cancelled();
    return result;
}

}  // namespace alloclens
