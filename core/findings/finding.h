// SPDX-License-Identifier: GPL-3.0-or-later
//
// One fault of the traced program or of its tracking, in a form that tables, reports and the inspector can show without
// knowing its kind. It names the key and generation, and the events with their roles. Findings are immutable once
// analysed; any number of threads may read.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/column.h"
#include "core/base/id.h"
#include "core/findings/suspicion.h"
#include "core/findings/verdict.h"
#include "core/ledger/ledger.h"
#include "core/mesh/mesh_parity.h"
#include "core/trace/event.h"

namespace alloclens {

enum class Severity : std::uint8_t { Error, Warning, Note };
[[nodiscard]] std::string_view severityName(Severity severity);

/// A set of finding kinds, one bit each.
using KindSet = std::uint16_t;
[[nodiscard]] constexpr KindSet kindBit(std::uint8_t kind) { return static_cast<KindSet>(1U << kind); }

enum class Role : std::uint8_t { Allocated, Aliased, Released, FreedAgain, Swept, Candidate };
/// The stable name of a role: "allocated", "aliased", "released", "freed-again", "swept", "candidate".
[[nodiscard]] std::string_view roleName(Role role);

struct RoleEvent {
    Role role;
    EventId event;
};

struct Finding {
    std::uint8_t kind = 0;  ///< a FindingKind (detector.h)
    Severity severity = Severity::Warning;
    Memory memory = Memory::Unknown;
    AddressId address;
    std::uint32_t generation = 0;  ///< of the lifetime; 0 if the key never had one
    std::uint32_t ordinal = 1;     ///< number within kind and generation, from 1: A F U U has two double frees
    LifetimeId lifetime;           ///< the affected lifetime, or none
    EventId primary;               ///< the event with the fault; marks and tables point at it
    std::uint64_t size = kNoSize;
    ClusterId cluster;
    std::uint32_t firstRole = 0;  ///< its events are Findings::roles[firstRole, firstRole + roleCount)
    std::uint32_t roleCount = 0;
};

/// Findings that share a signature.
struct Cluster {
    std::uint8_t kind = 0;
    Cause cause = Cause::Undetermined;  ///< for refused frees
    std::int32_t pid = kNoPid;          ///< the process of the faulty events
    std::string signature;              ///< all that the findings share except the process: the same in another run
    std::string sentence;               ///< a description for people
    std::uint64_t count = 0;
    std::vector<std::int32_t> devices;
    std::uint64_t addresses = 0;  ///< distinct keys
    std::uint32_t firstLine = 0;
    std::uint32_t lastLine = 0;
};

/// Replay divergences in a printed sum instead of an event. They have no address, and consecutive ordinals.
struct DivergentSums {
    std::uint32_t firstOrdinal = 1;
    std::vector<std::uint32_t> failures;  ///< rows of Ledger::failures
};

struct Findings {
    Column<Finding> rows;  ///< by FindingId: in the order of their primary events, then of the kinds
    Column<RoleEvent> roles;
    std::vector<Cluster> clusters;       ///< by ClusterId
    std::vector<std::uint64_t> countOf;  ///< by kind
    Verdicts verdicts;                   ///< of the refused frees
    MeshParity mesh;                     ///< details of the mesh divergences
    std::vector<Suspicion> suspicions;   ///< details of the suspect frees, in their order
    Ledger ledger;                       ///< details of the replay divergences
    DivergentSums sums;                  ///< which replay divergences are sums of the ledger

    [[nodiscard]] const Finding& row(FindingId id) const { return rows[id.index()]; }
    [[nodiscard]] std::span<const RoleEvent> rolesOf(const Finding& finding) const {
        return {roles.data() + finding.firstRole, finding.roleCount};
    }
    /// The event in a role, or none.
    [[nodiscard]] EventId eventIn(const Finding& finding, Role role) const;
    /// The suspicion of a suspect free; null for other findings.
    [[nodiscard]] const Suspicion* suspicionOf(FindingId finding) const;
    /// The sum that does not add up; null for findings about something else.
    [[nodiscard]] const FailedCheck* sumOf(const Finding& finding) const;
    /// The suspicion about a refused free, or null. Linear in the suspicions.
    [[nodiscard]] const Suspicion* suspicionOfRefused(EventId refused) const;
    /// Who caused a refused free, by its verdict; none for other events.
    [[nodiscard]] std::optional<Blame> blameOfRefused(EventId refused) const;
};

}  // namespace alloclens
