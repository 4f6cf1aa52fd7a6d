// SPDX-License-Identifier: GPL-3.0-or-later
//
// One thing wrong in the traced program or its tracking, in a form that tables, reports and the inspector can show
// without knowing its kind: which key and generation, which events in which roles, and what is made of it.
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
/// The stable word of a role: "allocated", "aliased", "released", "freed-again", "swept", "candidate".
[[nodiscard]] std::string_view roleName(Role role);

struct RoleEvent {
    Role role;
    EventId event;
};

struct Finding {
    std::uint8_t kind = 0;  ///< row of the detectors' kinds (FindingKind in detector.h)
    Severity severity = Severity::Warning;
    Memory memory = Memory::Unknown;
    AddressId address;
    std::uint32_t generation = 0;  ///< of the lifetime concerned; 0 where the key never had one
    std::uint32_t ordinal = 1;     ///< which of the kind for this generation: A F U U has two double frees
    LifetimeId lifetime;           ///< the lifetime concerned, or none
    EventId primary;               ///< the event that carries the fault; marks and tables point at it
    std::uint64_t size = kNoSize;
    ClusterId cluster;
    std::uint32_t firstRole = 0;  ///< its events are Findings::roles[firstRole, firstRole + roleCount)
    std::uint32_t roleCount = 0;
};

/// Findings that share a signature.
struct Cluster {
    std::uint8_t kind = 0;
    Cause cause = Cause::Undetermined;  ///< of refused frees
    std::int32_t pid = kNoPid;          ///< the process that carries the fault
    std::string signature;              ///< what they have in common but the process: the same in another run
    std::string sentence;               ///< what a person would say of them
    std::uint64_t count = 0;
    std::vector<std::int32_t> devices;
    std::uint64_t addresses = 0;  ///< distinct keys
    std::uint32_t firstLine = 0;
    std::uint32_t lastLine = 0;
};

/// Replay divergences that no event carries, but a sum that the log prints: they have no address, and their ordinals
/// follow each other.
struct DivergentSums {
    std::uint32_t firstOrdinal = 1;
    std::vector<std::uint32_t> failures;  ///< rows of Ledger::failures
};

struct Findings {
    Column<Finding> rows;  ///< by FindingId: in the order of their primary events, then of the kinds
    Column<RoleEvent> roles;
    std::vector<Cluster> clusters;       ///< by ClusterId
    std::vector<std::uint64_t> countOf;  ///< by kind
    Verdicts verdicts;                   ///< on the refused frees
    MeshParity mesh;                     ///< behind the mesh divergences
    std::vector<Suspicion> suspicions;   ///< behind the suspect frees, in their order
    Ledger ledger;                       ///< behind the replay divergences
    DivergentSums sums;                  ///< those of them that are sums of the ledger

    [[nodiscard]] const Finding& row(FindingId id) const { return rows[id.index()]; }
    [[nodiscard]] std::span<const RoleEvent> rolesOf(const Finding& finding) const {
        return {roles.data() + finding.firstRole, finding.roleCount};
    }
    /// The event in a role, or none.
    [[nodiscard]] EventId eventIn(const Finding& finding, Role role) const;
    /// Null for findings that are no suspect frees.
    [[nodiscard]] const Suspicion* suspicionOf(FindingId finding) const;
    /// The sum that does not hold; null for findings that are about no sum.
    [[nodiscard]] const FailedCheck* sumOf(const Finding& finding) const;
    /// The suspicion that puts a refused free in question, or null. Linear in the suspicions.
    [[nodiscard]] const Suspicion* suspicionOfRefused(EventId refused) const;
    /// Who is to blame for a refused free by its verdict; none for other events.
    [[nodiscard]] std::optional<Blame> blameOfRefused(EventId refused) const;
};

}  // namespace alloclens
