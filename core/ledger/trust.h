// SPDX-License-Identifier: GPL-3.0-or-later
//
// How much of a log is lost, as far as it can be known, and what that forbids to say. Everything that is found stays
// true; what suffers is what is *not* found, and what is believed of causes. Two bounds, each stated here and nowhere
// else: a server whose clients write at the same time tears about one line in a hundred by itself, and nearly all of
// those are put together again. What loses more than that lowers the confidence in causes, and what loses twice as much
// cannot be called free of anything.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/replay/replay.h"

namespace alloclens {

struct Trust {
    std::uint64_t damaged = 0;       ///< places of the file that could not be read
    std::uint64_t missing = 0;       ///< lines that whoever collected the log left out, as far as it gives numbers
    std::uint64_t contradicted = 0;  ///< events whose lines contradict those before them
    bool isLossUncounted = false;    ///< something was lost of which nobody knows how much
    bool isInDisorder = false;       ///< lines are in the wrong order, or of several servers
    bool isOfSeveralServers = false;
    std::uint32_t firstLine = 0;  ///< the first line that shows any of this; 0 where none is known
    bool hasOwnEnd = true;        ///< what is live at the end was left behind (log_end.h)

    /// Too much is lost to say that something is not in the log.
    bool isTooDamaged = false;
    /// No cause may be stated as more than a candidate.
    bool limitsConfidence = false;
};

/// Where confidence is limited, no cause has more, in per cent: below the bound from which on a cause is "probable".
inline constexpr int kLimitedConfidence = 69;

/// What shows that a log is not whole or not in order, besides the diagnostics of its reading: lines that collectors
/// say are missing, messages that the server could not read, several servers, lines in the wrong order.
[[nodiscard]] Diagnostics findDoubts(const Replay& replay);

/// `firstLoss` is the first line that could not be read, if any is known; `doubts` are those of findDoubts.
[[nodiscard]] Trust judgeTrust(const Replay& replay, std::uint64_t damaged, std::optional<std::uint32_t> firstLoss,
                               const Diagnostics& doubts);

}  // namespace alloclens
