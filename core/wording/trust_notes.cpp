// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/wording/trust_notes.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>

#include "core/base/units.h"

namespace alloclens {
namespace {

/// "46 lines are missing", "1 line is missing".
std::string clause(std::uint64_t count, std::string_view noun, std::string_view singular, std::string_view plural) {
    return fmt::format("{} {}", formatQuantity(count, noun), count == 1 ? singular : plural);
}

std::string misreadSentence(const Diagnostics& doubts) {
    const std::uint64_t count = doubts.count(DiagnosticCode::MisreadMessages);
    if (count == 0) return {};
    std::uint32_t first = 0;
    for (const Diagnostic& doubt : doubts.kept()) {
        if (doubt.code == DiagnosticCode::MisreadMessages && first == 0) first = doubt.line;
    }
    return fmt::format(
        "The server rejected {}, first at line {}. The log lacks what these messages did. Check that clients and "
        "server have the same version.",
        formatQuantity(count, "message"), formatCount(first));
}

/// "[host-a]: 180 events, [host-b]: 179 events". Empty if there is one server, or servers have no tags.
std::string tagsOfServers(const Trace& trace) {
    for (const Diagnostic& diagnostic : trace.diagnostics.kept()) {
        if (diagnostic.code == DiagnosticCode::SeveralServers) return diagnostic.detail;
    }
    return {};
}

}  // namespace

std::string damageSentence(const Analysis& analysis) {
    const Trust& trust = analysis.findings.ledger.trust;
    if (!trust.isTooDamaged) return {};
    std::vector<std::string> parts;
    if (trust.damaged > 0) parts.push_back(clause(trust.damaged, "place", "cannot be read", "cannot be read"));
    if (trust.missing > 0) parts.push_back(clause(trust.missing, "line", "is missing", "are missing"));
    if (trust.contradicted > 0)
        parts.push_back(
            clause(trust.contradicted, "event", "contradicts the lines before", "contradict the lines before"));
    if (trust.isLossUncounted) parts.emplace_back("an unknown number of events is lost");
    if (trust.isOfSeveralServers) {
        parts.emplace_back("several servers wrote to it");
    } else if (trust.isInDisorder) {
        parts.emplace_back("its lines are not in order");
    }
    std::string text = fmt::format("Too much of the log is lost or wrong: {}. It has {}.", fmt::join(parts, ", "),
                                   formatQuantity(analysis.replay.totals.total, "event"));
    if (trust.firstLine > 0) text += fmt::format(" The damage begins at line {}.", formatCount(trust.firstLine));
    text += " A fault that is not reported may still have happened. ";
    const std::string tags = tagsOfServers(*analysis.trace);
    return text
           + (tags.empty()
                  ? std::string("Use the file that the server itself wrote.")
                  : fmt::format("Read one server at a time, with 'alloclens-cli ... --stream TAG': {}.", tags));
}

std::vector<std::string> trustNotes(const Analysis& analysis) {
    const Diagnostics& doubts = analysis.findings.ledger.doubts;
    std::vector<std::string> notes;
    if (std::string damage = damageSentence(analysis); !damage.empty()) notes.push_back(std::move(damage));
    if (std::string misread = misreadSentence(doubts); !misread.empty()) notes.push_back(std::move(misread));
    constexpr std::size_t kMostOfACode = 3;
    std::array<std::size_t, kDiagnosticCodeCount> told{};
    for (const Diagnostic& doubt : doubts.kept()) {
        std::size_t& count = told[static_cast<std::size_t>(doubt.code)];
        if (doubt.code == DiagnosticCode::MisreadMessages || ++count > kMostOfACode) continue;
        notes.push_back(fmt::format("Line {}: {}. {}", formatCount(doubt.line), doubt.detail,
                                    count == 1 ? diagnosticExplanation(doubt.code) : std::string_view()));
        if (notes.back().ends_with(' ')) notes.back().pop_back();
    }
    return notes;
}

nlohmann::ordered_json trustJson(const Analysis& analysis) {
    const Trust& trust = analysis.findings.ledger.trust;
    nlohmann::ordered_json json = {{"tooDamaged", trust.isTooDamaged},
                                   {"confidenceLimited", trust.limitsConfidence},
                                   {"ownEnd", trust.hasOwnEnd},
                                   {"damagedPlaces", trust.damaged},
                                   {"missingLines", trust.missing},
                                   {"contradictedEvents", trust.contradicted},
                                   {"uncountedLoss", trust.isLossUncounted}};
    json["firstLine"] = nullptr;
    if (trust.firstLine > 0) json["firstLine"] = trust.firstLine;
    json["notes"] = trustNotes(analysis);
    return json;
}

std::uint64_t countDiagnostics(const Analysis& analysis, DiagnosticCode code) {
    return analysis.trace->diagnostics.count(code) + analysis.findings.ledger.doubts.count(code);
}

}  // namespace alloclens
