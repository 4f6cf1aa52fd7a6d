// SPDX-License-Identifier: GPL-3.0-or-later
//
// The grammar of the server's event lines (docs/formats/server-log.md, "Event lines"). The words decide, not the
// symbols before them, so that a log read through a wrong code page or with a prefix before each line is read alike.
// An event is taken when all its data are there and what is behind the last of them shows that it is not cut; its
// closing words may be missing at the end of the line. Parts of events are another matter (reassembly.h).
#pragma once

#include <string_view>

#include "core/trace/trace_builder.h"

namespace alloclens::server_log {

enum class Match {
    Event,       ///< `event` is filled
    Other,       ///< a process's line, but no event
    Torn,        ///< begins like an event and goes on otherwise
    OutOfRange,  ///< a number does not fit its field
    NoAddress,   ///< an allocation without a buffer id, as the first servers printed
};

/// What an event line tells of the server that wrote it.
struct Generation {
    bool countsReferences = false;
    bool isEnhanced = false;

    Generation& operator|=(const Generation& other) {
        countsReferences |= other.countsReferences;
        isEnhanced |= other.isEnhanced;
        return *this;
    }
};

struct EventMatch {
    TracePart::Event event;
    Generation generation;
    bool isHexadecimal = false;
    bool isUnknownMemory = false;
    bool isCut = false;               ///< its data are there, its closing words are not
    bool isAlreadyFreed = false;      ///< a refused free of the enhanced server with its two counts
    std::uint64_t allocations = 0;    ///< the first of them
    std::uint32_t freesReceived = 0;  ///< and the second
    std::size_t end = 0;              ///< offset in the text behind the event
};

inline constexpr std::string_view kProcessHead = "[PID ";
/// The first servers printed refused frees without a process.
inline constexpr std::string_view kBareRefusal = "Warning: Deallocation for unknown buffer ";

/// Where the next event may begin in `text` from `from` on, or npos.
[[nodiscard]] std::size_t nextHead(std::string_view text, std::size_t from);

/// Reads the event whose kProcessHead or kBareRefusal stands at `at`.
[[nodiscard]] Match matchEvent(std::string_view text, std::size_t at, EventMatch& out);

/// The end of a refusal that was cut behind its id: " on device 4 (allocated before tracking started)".
[[nodiscard]] bool matchRestOfRefusal(std::string_view text, std::int32_t& device);

/// True for text that holds the middle or the end of an event without its head.
[[nodiscard]] bool looksLikeTornEvent(std::string_view text);

}  // namespace alloclens::server_log
