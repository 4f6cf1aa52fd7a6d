// SPDX-License-Identifier: GPL-3.0-or-later
//
// Figures that somebody published of a run whose log is not there, held to what must be true of any run: the sums that
// a tracker's books keep, and above all that a surplus of frees appears exactly where the tracker refused it. Each
// claim is consistent, or impossible together with the others, with the reason. docs/ledger.md describes the form.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace alloclens {

struct Claims {
    using Number = std::optional<std::uint64_t>;

    /// Counts of the whole run, or of one address.
    struct Counts {
        Number allocations;
        Number freesReceived;
        Number freesAccepted;
        Number freesRefused;
        Number live;     ///< allocations still open at the end
        Number removed;  ///< allocations whose buffers sweeps removed
    };
    struct Addresses {
        Number total;
        Number balanced;
        Number unreleased;
        Number overFreed;
    };
    struct Address {
        std::int64_t device = 0;
        std::uint64_t address = 0;
        Counts counts;
    };
    /// Buffers and MB of a sweep or a dump, and what they are made of. MB are as precise as they are written.
    struct Sum {
        Number buffers;
        std::optional<std::string> megabytes;  ///< the number's text, which tells its precision
        std::vector<std::uint64_t> sizes;      ///< of each buffer, in bytes
        std::vector<Sum> parts;                ///< by memory
        std::string memory;                    ///< of a part
    };
    /// One event of the story of an address.
    struct Step {
        std::uint64_t line = 0;
        std::string event;  ///< allocated, partial, final, refused, swept
        Number size;
        Number refCount;
    };
    struct Story {
        std::int64_t device = 0;
        std::uint64_t address = 0;
        std::vector<Step> steps;
    };

    Counts totals;
    Addresses addresses;
    std::map<std::string, std::uint64_t> memories;  ///< allocations by memory
    std::vector<Address> ofAddresses;
    std::vector<Sum> sweeps;
    std::vector<Sum> dumps;
    std::vector<Story> stories;
};

struct ClaimVerdict {
    std::string claim;  ///< where it stands: "totals", "addresses[1]"
    bool isPossible = true;
    std::string why;
};

/// Errors say where the text is no such JSON.
[[nodiscard]] Result<Claims> parseClaims(std::string_view json);
/// One verdict a relation that the claims allow to hold; the order is that of the form.
[[nodiscard]] std::vector<ClaimVerdict> judgeClaims(const Claims& claims);

}  // namespace alloclens
