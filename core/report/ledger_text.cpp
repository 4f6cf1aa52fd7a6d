// SPDX-License-Identifier: GPL-3.0-or-later
//
// The ledger for people: first the grade, then the evidence for it, then what fails.
#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "core/base/showable.h"
#include "core/base/units.h"
#include "core/report/parts.h"
#include "core/report/text_style.h"
#include "core/wording/trust_notes.h"

namespace alloclens {
namespace {

class LedgerText {
public:
    LedgerText(const Analysis& analysis, const Ledger& ledger, const ReportInput& input, std::ostream& out)
        : m_analysis(analysis), m_ledger(ledger), m_style(input.colour), m_limit(input.limit), m_out(out) {}

    void write() {
        writeHead();
        writeLines();
        writeConservation();
        writeSums();
        writeChecks();
        writeFailures();
    }

private:
    void heading(std::string_view title) { m_out << '\n' << m_style.strong(title) << '\n'; }

    void row(std::string_view name, std::uint64_t count) {
        m_out << fmt::format("  {:<22}{}\n", name, padded(formatCount(count), 14, true));
    }

    void writeHead() {
        m_out << m_style.strong(showable(m_analysis.trace->source->path())) << '\n';
        m_out << fmt::format("ledger: {}\n", m_style.strong(gradeName(m_ledger.grade)));
        m_out << gradeMeaning(m_ledger.grade) << '\n';
        for (const std::string& note : trustNotes(m_analysis)) m_out << note << '\n';
        if (!m_ledger.firstDivergence) return;
        const auto& first = *m_ledger.firstDivergence;
        const std::string place = first.line > 0 ? fmt::format("line {}", formatCount(first.line)) : "the log";
        m_out << fmt::format("first divergence: {}: {}\n", place, showable(first.what));
    }

    void writeLines() {
        heading("Lines");
        row("with events", m_ledger.lines.events);
        row("other server lines", m_ledger.lines.facts);
        row("of other programs", m_ledger.lines.foreign);
        row("damaged", m_ledger.lines.damaged);
        row("total", m_ledger.totalLines);
    }

    void writeConservation() {
        const EventTotals& totals = m_analysis.replay.totals;
        const std::uint64_t accepted = totals.partialFrees + totals.finalFrees;
        heading("Conservation");
        m_out << fmt::format("  {} received = {} accepted + {} refused\n",
                             formatQuantity(accepted + totals.unknownFrees, "free"), formatCount(accepted),
                             formatCount(totals.unknownFrees));
        const auto open = static_cast<std::int64_t>(totals.allocations) - static_cast<std::int64_t>(accepted);
        m_out << fmt::format("  {} - {} accepted = {} still open, or removed without a free\n",
                             formatQuantity(totals.allocations, "allocation"), formatCount(accepted),
                             formatSignedCount(open));
    }

    void writeSums() {
        heading("Sums that the log prints");
        row("statistics and dumps", m_ledger.sums);
        if (m_ledger.sums == 0) return;
        row("line of the last", m_ledger.lastSumLine);
        row("events after it", m_ledger.eventsBehindLastSum);
    }

    void writeChecks() {
        heading("Checks");
        m_out << m_style.muted(fmt::format("  {:<26}{:>14}{:>12}\n", "", "passed", "failed"));
        for (std::size_t i = 0; i < kCheckKindCount; ++i) {
            const std::uint64_t passed = m_ledger.passed[i];
            const std::uint64_t failed = m_ledger.failed[i];
            if (passed == 0 && failed == 0) continue;
            m_out << fmt::format("  {:<26}{:>14}{:>12}   {}\n", checkInfo(static_cast<CheckKind>(i)).name,
                                 formatCount(passed), failed == 0 ? "-" : formatCount(failed),
                                 m_style.muted(checkInfo(static_cast<CheckKind>(i)).title));
        }
    }

    void writeFailures() {
        const std::uint64_t all = m_ledger.allFailed();
        if (all == 0) return;
        constexpr std::size_t kUsual = 20;
        const std::size_t shown = std::min(m_limit > 0 ? m_limit : kUsual, m_ledger.failures.size());
        heading("Failed checks");
        for (std::size_t i = 0; i < shown; ++i) {
            const FailedCheck& failure = m_ledger.failures[i];
            const std::string place = failure.line > 0 ? fmt::format("line {}", formatCount(failure.line)) : "the log";
            m_out << fmt::format("  {:<14}{}\n", place, showable(failure.sentence()));
        }
        if (shown < all) m_out << fmt::format("  and {} more\n", formatCount(all - shown));
    }

    const Analysis& m_analysis;
    const Ledger& m_ledger;
    TextStyle m_style;
    std::size_t m_limit;
    std::ostream& m_out;
};

}  // namespace

Result<void> writeLedgerText(const ReportInput& input, std::ostream& out) {
    LedgerText(*input.analysis, input.analysis->findings.ledger, input, out).write();
    return {};
}

}  // namespace alloclens
