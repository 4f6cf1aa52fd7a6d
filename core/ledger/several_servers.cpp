// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ledger/several_servers.h"

#include <fmt/format.h>

#include <set>
#include <tuple>

#include "core/base/units.h"

namespace alloclens {
namespace {

class ServerSearch {
public:
    explicit ServerSearch(const Replay& replay) : m_replay(replay), m_trace(*replay.trace), m_events(m_trace.events) {}

    [[nodiscard]] std::optional<Diagnostic> find() const {
        if (auto found = findSurvivors()) return found;
        if (auto found = findAfterStop()) return found;
        return findTwoTables();
    }

private:
    /// One is chance: a torn or a quoted line.
    static constexpr std::size_t kFewest = 2;

    // A server that starts has an empty table. A free that is accepted afterwards, of a buffer that was live before,
    // with its size and its owner, was handled by the server that ran before and still runs.
    [[nodiscard]] std::optional<Diagnostic> findSurvivors() const {
        std::size_t count = 0;
        std::uint32_t first = 0;
        for (const Contradiction& of : m_replay.contradictions) {
            const LifetimeId lifetime = m_replay.lifetimeOf[of.event.index()];
            if (of.kind != ContradictionKind::FreeOfUnknown || !lifetime.isValid() || !isSurvivor(lifetime)) continue;
            if (count++ == 0) first = m_events.line[of.event.index()];
        }
        if (count < kFewest) return std::nullopt;
        return Diagnostic{
            DiagnosticCode::SeveralServers, first,
            fmt::format(
                "a server starts while another still runs: {} from before the start are freed after it, first at line "
                "{}",
                formatQuantity(count, "buffer"), formatCount(first))};
    }

    [[nodiscard]] bool isSurvivor(LifetimeId id) const {
        const Lifetime lifetime = m_replay.lifetime(id);
        if (!lifetime.beginLost || lifetime.generation < 2) return false;
        const Lifetime before = m_replay.lifetime(LifetimeId(id.index() - 1));
        return before.end == LifetimeEnd::Restarted && before.owner == lifetime.owner && before.size == lifetime.size;
    }

    // A server that has stopped prints no statistics; what comes without a new start is another's.
    [[nodiscard]] std::optional<Diagnostic> findAfterStop() const {
        std::uint32_t stop = 0;
        for (const PrintedFact& fact : m_trace.facts) {
            if (fact.kind == FactKind::ServerStarted) stop = 0;
            if (fact.kind == FactKind::ServerStopped && stop == 0) stop = fact.line;
            if (fact.kind != FactKind::StatisticsBegin || stop == 0 || m_replay.contradictions.empty()) continue;
            return Diagnostic{
                DiagnosticCode::SeveralServers, fact.line,
                fmt::format("a server prints statistics at line {} although the server stopped at line {} and none has "
                            "started since",
                            formatCount(fact.line), formatCount(stop))};
        }
        return std::nullopt;
    }

    // Both were running before the log begins. Each allocates, as new, what the other has live, for processes that are
    // strangers to the other: an address goes to and fro between two processes. Where lines are lost it changes hands
    // once.
    [[nodiscard]] std::optional<Diagnostic> findTwoTables() const {
        std::set<std::tuple<AddressId, ProcessId, ProcessId>> changes;  // of hands, from the first to the second
        std::size_t toAndFro = 0;
        std::uint32_t first = 0;
        for (const Contradiction& of : m_replay.contradictions) {
            const std::size_t event = of.event.index();
            const ProcessId before = ownerBefore(of);
            const ProcessId now = m_events.process[event];
            if (!before.isValid() || !now.isValid() || before == now) continue;
            const AddressId key = m_events.address[event];
            changes.insert({key, before, now});
            if (!changes.contains({key, now, before})) continue;
            if (toAndFro++ == 0) first = m_events.line[event];
        }
        constexpr std::size_t kMany = 4;
        constexpr std::size_t kOneIn = 100;
        if (toAndFro < kMany || toAndFro * kOneIn < m_events.count()) return std::nullopt;
        return Diagnostic{
            DiagnosticCode::SeveralServers, first,
            fmt::format(
                "addresses change between unrelated processes and back, {}, first at line {}: these are two servers, "
                "each with its own table",
                formatQuantity(toAndFro, "time"), formatCount(first))};
    }

    // Whose the address was by the lines before, where a line says that it is another process's.
    [[nodiscard]] ProcessId ownerBefore(const Contradiction& of) const {
        const LifetimeId lifetime = m_replay.lifetimeOf[of.event.index()];
        if (!lifetime.isValid()) return {};
        if (of.kind == ContradictionKind::OwnerDiffers) return m_replay.ownerOf(lifetime);
        const bool isNew = of.kind == ContradictionKind::AllocationOfLive && m_replay.lifetime(lifetime).generation > 1;
        return isNew ? m_replay.ownerOf(LifetimeId(lifetime.index() - 1)) : ProcessId{};
    }

    const Replay& m_replay;
    const Trace& m_trace;
    const EventTable& m_events;
};

}  // namespace

std::optional<Diagnostic> findSeveralServers(const Replay& replay) { return ServerSearch(replay).find(); }

}  // namespace alloclens
