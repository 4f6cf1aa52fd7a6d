// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/event_line.h"

#include <algorithm>
#include <array>

#include "importers/server_log/cursor.h"
#include "importers/server_log/word_filter.h"

namespace alloclens::server_log {
namespace {

Match failed(const Cursor& cursor) { return cursor.isOutOfRange() ? Match::OutOfRange : Match::Torn; }

/// The text ends within the closing words, and so many of their characters are there that no others can be meant.
bool isCutWithin(std::string_view rest, std::string_view closing, std::size_t least) {
    if (rest.ends_with('\r')) rest.remove_suffix(1);
    return rest.size() >= least && closing.starts_with(rest);
}

/// Takes what is there of the closing words.
bool takeCut(Cursor& cursor, EventMatch& out) {
    out.isCut = true;
    const std::string_view rest = cursor.rest();
    cursor.skip(rest.size() - (rest.ends_with('\r') ? 1 : 0));
    return true;
}

constexpr std::size_t kFinalIsClear = 3;  ///< ", F", where ", r" would be the other kind

// [PID 20647] Allocated 512 bytes of L1 on device 3 (buffer_id=101152)
// [PID 20647] Allocated 2048 bytes of L1 on device 3 (buffer_id=0x18b20, ref_count=2)
Match matchAllocation(Cursor& cursor, EventMatch& out) {
    TracePart::Event& event = out.event;
    event.kind = EventKind::Allocation;
    std::string_view memory;
    if (!cursor.number(event.size) || !cursor.literal(" bytes of ") || !cursor.word(memory)
        || !cursor.literal(" on device ") || !cursor.number(event.key.device)) {
        return failed(cursor);
    }
    if (!cursor.literal(" (buffer_id=")) {
        cursor.skipSpace();
        return cursor.atEnd() ? Match::NoAddress : Match::Torn;
    }
    if (!cursor.bufferId(event.key.address, out.isHexadecimal)) return failed(cursor);
    if (cursor.literal(", ref_count=")) {
        if (!cursor.number(event.refCount)) return failed(cursor);
        out.generation.countsReferences = true;
    }
    if (!cursor.literal(")")) return Match::Torn;
    const auto known = memoryFromName(memory);
    out.isUnknownMemory = !known || *known == Memory::Unknown;
    event.memory = known.value_or(Memory::Unknown);
    return Match::Event;
}

// [PID 20647] Freed buffer 107296 on device 4 (262144 bytes, FINAL)
// [PID 20647] Freed buffer 0x1a320 on device 4 (262144 bytes, ref_count=1 remaining)
// [PID 1714322] Freed buffer 3700768 on device 0 (1048576 bytes)         no reference counts
// [PID 12345] Freed buffer 1 (1048576 bytes)                             and no device
Match matchFree(Cursor& cursor, EventMatch& out) {
    TracePart::Event& event = out.event;
    event.kind = EventKind::FinalFree;
    if (!cursor.bufferId(event.key.address, out.isHexadecimal)) return failed(cursor);
    if (cursor.literal(" on device ") && !cursor.number(event.key.device)) return failed(cursor);
    if (!cursor.literal(" (") || !cursor.number(event.size) || !cursor.literal(" bytes")) return failed(cursor);
    const bool isFinal = cursor.literal(", FINAL)")
                         || (isCutWithin(cursor.rest(), ", FINAL)", kFinalIsClear) && takeCut(cursor, out));
    if (isFinal) {
        out.generation.countsReferences = true;
        return Match::Event;
    }
    if (cursor.literal(", ref_count=")) {
        event.kind = EventKind::PartialFree;
        out.generation.countsReferences = true;
        if (!cursor.number(event.refCount)) return failed(cursor);
        const bool isWhole = cursor.literal(" remaining)")
                             || (isCutWithin(cursor.rest(), " remaining)", 1) && takeCut(cursor, out));
        return isWhole ? Match::Event : Match::Torn;
    }
    return cursor.literal(")") ? Match::Event : Match::Torn;
}

constexpr char kTrackingStarted[] = " (allocated before tracking started)";
constexpr char kServerStarted[] = " (never tracked or allocated before server started)";
constexpr std::size_t kBracket = 2;  ///< a blank alone may be the next word's

// [PID 20645] Deallocation for unknown buffer 695055872 on device 4 (allocated before tracking started)
// [PID 20198] Deallocation for unknown buffer 0x3ffff900 on device 7 (never tracked or allocated before server started)
// [PID 20198] Deallocation for ALREADY FREED buffer 0x6bd660 on device 0 (allocs=5 frees=5)
// Warning: Deallocation for unknown buffer 1073739776                    no process, no device
Match matchRefusal(Cursor& cursor, EventMatch& out, bool isAlreadyFreed) {
    TracePart::Event& event = out.event;
    event.kind = EventKind::RefusedFree;
    if (!cursor.bufferId(event.key.address, out.isHexadecimal)) return failed(cursor);
    if (cursor.literal(" on device ") && !cursor.number(event.key.device)) return failed(cursor);
    if (isAlreadyFreed) {
        out.generation.isEnhanced = true;
        out.isAlreadyFreed = true;
        const bool isWhole = cursor.literal(" (allocs=") && cursor.number(out.allocations) && cursor.literal(" frees=")
                             && cursor.number(out.freesReceived) && cursor.literal(")");
        return isWhole ? Match::Event : failed(cursor);
    }
    if (cursor.literal(kTrackingStarted)) return Match::Event;
    if (cursor.literal(kServerStarted)) {
        out.generation.isEnhanced = true;
        return Match::Event;
    }
    // Quoted without its explanation, or wrapped before it. Anything else right behind the number means that another
    // writer's text, perhaps its digits, got in between.
    const bool isEnhanced = cursor.rest().starts_with(" (n");
    const bool hasDevice = event.key.device != kNoDevice;  // before the closing words there always is one
    if (hasDevice
        && (isCutWithin(cursor.rest(), kTrackingStarted, kBracket)
            || isCutWithin(cursor.rest(), kServerStarted, kBracket))) {
        takeCut(cursor, out);
        out.generation.isEnhanced = isEnhanced;
        return Match::Event;
    }
    const std::string_view behind = cursor.rest();
    const bool isSpaced = !behind.empty() && (behind[0] == ' ' || behind[0] == '\t' || behind[0] == '\r');
    return behind.empty() || (isSpaced && !behind.starts_with(" (")) ? Match::Event : Match::Torn;
}

constexpr char kAllocated[] = "Allocated ";
constexpr char kFreed[] = "Freed buffer ";
constexpr char kUnknown[] = "Deallocation for unknown buffer ";
constexpr char kAlreadyFreed[] = "Deallocation for ALREADY FREED buffer ";

Match matchWords(Cursor& cursor, EventMatch& out) {
    if (cursor.literal(kAllocated)) return matchAllocation(cursor, out);
    if (cursor.literal(kFreed)) return matchFree(cursor, out);
    if (cursor.literal(kUnknown)) return matchRefusal(cursor, out, false);
    if (cursor.literal(kAlreadyFreed)) return matchRefusal(cursor, out, true);
    // Cut inside its first words, as the last line of a killed server is.
    for (const std::string_view words : {std::string_view(kAllocated), std::string_view(kFreed),
                                         std::string_view(kUnknown), std::string_view(kAlreadyFreed)}) {
        if (words.starts_with(cursor.rest())) return Match::Torn;
    }
    return Match::Other;
}

}  // namespace

std::size_t nextHead(std::string_view text, std::size_t from) {
    const std::size_t head = text.find(kProcessHead, from);
    return std::min(head, text.substr(0, head).find(kBareRefusal, from));
}

Match matchEvent(std::string_view text, std::size_t at, EventMatch& out) {
    out = EventMatch{};
    Cursor cursor(text, at);
    Match match = Match::Torn;
    if (cursor.literal(kProcessHead)) {
        match = cursor.number(out.event.pid) && cursor.literal("] ") ? matchWords(cursor, out) : failed(cursor);
    } else if (cursor.literal(kBareRefusal)) {
        match = matchRefusal(cursor, out, false);
    }
    out.end = static_cast<std::size_t>(cursor.position() - text.data());
    return match;
}

bool matchRestOfRefusal(std::string_view text, std::int32_t& device) {
    Cursor cursor(text);
    return cursor.literal(" on device ") && cursor.number(device)
           && (cursor.literal(" (allocated before tracking started)")
               || cursor.literal(" (never tracked or allocated before server started)"));
}

bool looksLikeTornEvent(std::string_view text) {
    static constexpr std::array<std::string_view, 6> kParts = {
        "(buffer_id=", " bytes, FINAL)", "] Allocated ", "] Freed buffer ", "] Deallocation ", " remaining)",
    };
    static constexpr WordFilter kFilter = [] {
        WordFilter filter;
        for (const std::string_view part : kParts) filter.add(part);
        return filter;
    }();
    if (!kFilter.mayHoldAny(text)) return false;
    return std::any_of(kParts.begin(), kParts.end(),
                       [text](std::string_view part) { return text.find(part) != std::string_view::npos; });
}

}  // namespace alloclens::server_log
