// SPDX-License-Identifier: GPL-3.0-or-later
//
// The readings of a torn event: a server writes a line in a dozen pieces, each whole, in order, and holds a lock
// meanwhile, so that between them stands nothing but other writers' text. Every way to find the pieces of one event in
// a stretch of text is a reading; which of them is true is not decided here.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "core/trace/trace_builder.h"
#include "importers/server_log/event_line.h"

namespace alloclens::server_log {

/// [begin, end) of the text.
struct TextSpan {
    std::size_t begin = 0;
    std::size_t end = 0;
};

struct TornReading {
    EventMatch match;  ///< the event and what else its line tells; without its line
    std::array<TextSpan, 16> pieces{};
    std::size_t pieceCount = 0;
    /// Other writers' text stands in so many places between the pieces.
    [[nodiscard]] std::size_t gaps() const;
    [[nodiscard]] std::size_t begin() const { return pieces[0].begin; }
    [[nodiscard]] std::size_t end() const { return pieces[pieceCount - 1].end; }
    /// A digit before or behind one of its numbers may belong to the number or to the text beside it.
    bool isSharp = true;
};

/// What rules readings out before they are looked at.
struct ReadingFilter {
    std::function<bool(std::int32_t)> hasPid;
    std::function<bool(std::int32_t)> hasDevice;
    /// Whether that may be left, before and behind, of the text between two words when a value is cut out of it. Empty
    /// where anything may.
    std::function<bool(std::string_view before, std::string_view behind)> canBeLeft;
    /// A number that fills the place between two words may have another writer's digits at an end.
    bool cutsWholeNumbers = false;
};

/// How long searching may still take: in steps that cost alike, whatever is done in them. One thread has
/// done so many in about two seconds.
inline constexpr std::size_t kMostTornSteps = 300'000'000;

/// Calls `visit` with each reading of the event whose kProcessHead stands at `head` and whose end lies before `end`.
/// Takes the steps that it needs from `budget`. False if that is too small; what was visited means nothing then.
[[nodiscard]] bool forEachReading(std::string_view text, std::size_t head, std::size_t end, const ReadingFilter& filter,
                                  std::size_t& budget, const std::function<void(const TornReading&)>& visit);

}  // namespace alloclens::server_log
