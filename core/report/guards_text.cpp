// SPDX-License-Identifier: GPL-3.0-or-later
//
// What guards would have done to the run, for people: one row for each guard, then what each hides and breaks, the
// worst first, with the lines to look at.
#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "core/base/saturating.h"
#include "core/base/units.h"
#include "core/guards/guard_replay.h"
#include "core/report/parts.h"
#include "core/report/text_style.h"

namespace alloclens {
namespace {

class GuardsText {
public:
    GuardsText(const ReportInput& input, const GuardStudy& study, std::ostream& out)
        : m_analysis(*input.analysis),
          m_filter(input.filter),
          m_study(study),
          m_style(input.colour),
          m_shown(input.limit > 0 ? input.limit : kShown),
          m_out(out) {}

    void write(bool colour) {
        m_out << fmt::format("{} received, {} of them refused.", formatQuantity(m_study.freesReceived, "free"),
                             formatCount(m_study.warnings));
        if (m_study.assumedSenders > 0) {
            m_out << fmt::format(
                " The source does not say who sent {}: AllocLens assumes a process that holds the address, first its "
                "owner.",
                m_study.assumedSenders == m_study.freesReceived - m_study.warnings
                    ? std::string("the others")
                    : formatQuantity(m_study.assumedSenders, "accepted free"));
        }
        m_out << "\n\n";
        writeTable(colour);
        for (std::size_t i = 0; i < m_study.outcomes.size(); ++i) writeOutcome(i);
        if (m_filter != nullptr) {
            m_out << '\n'
                  << m_style.muted("The filter applies to the listed findings only. Sums are those of the whole log.")
                  << '\n';
        }
    }

private:
    static constexpr std::size_t kShown = 3;

    [[nodiscard]] std::string lineOf(EventId event) const {
        return fmt::format("line {}", formatCount(m_analysis.trace->events.line[event.index()]));
    }

    void writeTable(bool colour) {
        Table table;
        table.columns = {{"guard", ""},
                         {"silenced", "", true},
                         {"bugs", "", true},
                         {"undetermined", "", true},
                         {"artefacts", "", true},
                         {"may stay", "", true},
                         {"left", "", true},
                         {"new", "", true},
                         {"rightful frees lost", "", true},
                         {"left live", "", true}};
        table.rows = m_study.outcomes.size();
        table.fill = [this](std::size_t row, std::vector<Cell>& cells) {
            const GuardOutcome& of = m_study.outcomes[row];
            cells[0] = std::string(of.guard->name);
            cells[1] = (of.guard->isBound && of.silenced > 0 ? "≤ " : "") + formatCount(of.silenced);
            cells[2] = of.silencedBy(Blame::Program);
            cells[3] = of.silencedBy(Blame::Undetermined);
            cells[4] = of.silencedBy(Blame::Tracking);
            cells[5] = of.mayStay;
            cells[6] = of.left;
            cells[7] = of.caused;
            cells[8] = of.rightfulDropped;
            const std::uint64_t live = of.leftLive.buffers + of.leftToSweeps.buffers;
            cells[9] = live == 0 ? std::string("-")
                                 : fmt::format("{} ({})", formatCount(live),
                                               formatBytes(saturatingSum(of.leftLive.bytes, of.leftToSweeps.bytes)));
        };
        writeTableText(table, colour, m_out);
    }

    void say(std::string_view sentence) { m_out << "    " << sentence << '\n'; }

    void writeOutcome(std::size_t number) {
        const GuardOutcome& of = m_study.outcomes[number];
        m_out << '\n' << m_style.strong(of.guard->name) << ": " << of.guard->words << '\n';
        sayWhatBreaks(of);
        sayWhatHides(of);
        writeClusters(of);
        writeFindings(number);
    }

    [[nodiscard]] static std::string buffersOf(const LeftBuffers& left) {
        return fmt::format("{} ({})", formatQuantity(left.buffers, "buffer"), formatBytes(left.bytes));
    }

    void sayWhatBreaks(const GuardOutcome& of) {
        if (of.rightfulDropped + of.strangersDropped + of.caused == 0)
            return say("Loses no rightful free and causes no warning.");
        if (of.rightfulDropped > 0) {
            say(fmt::format("Loses {}, first at {}.", formatQuantity(of.rightfulDropped, "rightful free"),
                            lineOf(of.firstRightful.front())));
        }
        if (of.strangersDropped > 0) {
            say(fmt::format(
                "Drops {} of buffers that only other processes had allocated, first at {}. The tracker then accepts "
                "{} of the refused frees.",
                formatQuantity(of.strangersDropped, "free"), lineOf(of.firstStrangers.front()),
                formatCount(of.acceptedInstead)));
        }
        if (of.leftLive.buffers > 0) say(fmt::format("Leaves {} live to the end.", buffersOf(of.leftLive)));
        if (of.leftToSweeps.buffers > 0)
            say(fmt::format("Leaves {} live until their process dies.", buffersOf(of.leftToSweeps)));
        if (of.mergedAllocations > 0) {
            say(fmt::format("Makes {} share the entry of the buffer before, because the address is still live.",
                            formatQuantity(of.mergedAllocations, "allocation")));
        }
        if (of.caused > 0) {
            say(fmt::format("Causes {}, first at {}.", formatQuantity(of.caused, "new warning"),
                            lineOf(of.firstCaused.front())));
        }
        if (of.leaksHidden > 0 || of.leaksChanged > 0) {
            say(fmt::format("Of {}: {} no longer reported, {} reported with another owner or size.",
                            formatQuantity(m_study.leaks, "leak"), formatCount(of.leaksHidden),
                            formatCount(of.leaksChanged)));
        }
        for (std::size_t i = 0; i < std::min(of.firstHiddenLeaks.size(), m_shown); ++i) {
            const Finding& leak = m_analysis.findings.row(of.firstHiddenLeaks[i]);
            m_out << m_style.muted(fmt::format("      {}  {}  no longer reported\n", lineOf(leak.primary),
                                               findingId(m_analysis.replay, leak)));
        }
    }

    void sayWhatHides(const GuardOutcome& of) {
        if (of.silenced == 0) return say("Silences nothing.");
        const std::string_view most = of.guard->isBound ? "at most " : "";
        if (const std::uint64_t bugs = of.silencedBy(Blame::Program); bugs > 0) {
            const std::uint64_t gone = of.clustersGone(m_analysis.findings, Blame::Program);
            say(fmt::format("Hides {}{} of bugs, which stay in the program{}.", most, formatQuantity(bugs, "warning"),
                            gone > 0 ? fmt::format("; no warning of {} is left", formatQuantity(gone, "cluster"))
                                     : ""));
        }
        if (const std::uint64_t undetermined = of.silencedBy(Blame::Undetermined); undetermined > 0)
            say(fmt::format("Hides {}{} of undetermined cause.", most, formatQuantity(undetermined, "warning")));
        if (const std::uint64_t artefacts = of.silencedBy(Blame::Tracking); artefacts > 0) {
            say(fmt::format("Silences {}{} of tracking, not faults of the program.", most,
                            formatQuantity(artefacts, "artefact")));
        }
        if (of.mayStay > 0) {
            say(fmt::format(
                "Of the silenced warnings {} may stay: their cause is an allocation that the log lacks, another "
                "object, or a message that no library sent.",
                formatCount(of.mayStay)));
        }
    }

    /// Writes the largest clusters that are not artefacts of tracking.
    void writeClusters(const GuardOutcome& of) {
        std::vector<SilencedCluster> rows;
        for (const SilencedCluster& row : of.clusters) {
            if (blameOf(m_analysis.findings.clusters[row.cluster.index()].cause) != Blame::Tracking)
                rows.push_back(row);
        }
        std::stable_sort(rows.begin(), rows.end(),
                         [](const SilencedCluster& a, const SilencedCluster& b) { return a.silenced > b.silenced; });
        for (std::size_t i = 0; i < std::min(rows.size(), m_shown); ++i) {
            const Cluster& cluster = m_analysis.findings.clusters[rows[i].cluster.index()];
            m_out << fmt::format("      {:>5} of {}  {}: {}\n", formatCount(rows[i].silenced),
                                 formatCount(cluster.count), clusterName(rows[i].cluster), cluster.sentence);
        }
        if (rows.size() > m_shown) {
            m_out << m_style.muted(fmt::format("      ... and {} (raise --limit)\n",
                                               formatQuantity(rows.size() - m_shown, "more cluster")));
        }
    }

    void writeFindings(std::size_t number) {
        std::size_t shown = 0;
        const auto& verdicts = m_analysis.findings.verdicts.rows;
        for (std::size_t i = 0; i < verdicts.size() && shown < m_shown; ++i) {
            const bool isSilenced = (m_study.silencers[i] >> number & 1U) != 0;
            if (!isSilenced || blameOf(verdicts[i].cause) == Blame::Tracking) continue;
            if (m_filter != nullptr && !m_filter->findings[verdicts[i].finding.index()]) continue;
            const Finding& finding = m_analysis.findings.row(verdicts[i].finding);
            const Cause cause = verdicts[i].cause;
            m_out << m_style.muted(fmt::format("      {}  {}  {}\n", lineOf(finding.primary),
                                               findingId(m_analysis.replay, finding),
                                               cause == Cause::Undetermined ? causeName(cause) : causeWords(cause)));
            ++shown;
        }
    }

    const Analysis& m_analysis;
    const FilterResult* m_filter;
    const GuardStudy& m_study;
    TextStyle m_style;
    std::size_t m_shown;
    std::ostream& m_out;
};

}  // namespace

Result<void> writeGuardsText(const ReportInput& input, std::ostream& out) {
    const auto study = replayUnderGuards(*input.analysis, guards(), {});
    if (!study) return study.error();
    GuardsText(input, *study, out).write(input.colour);
    return {};
}

}  // namespace alloclens
