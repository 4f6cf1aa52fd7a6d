// SPDX-License-Identifier: GPL-3.0-or-later
//
// Collects events from parts of a source that were read in parallel and makes the Trace of them: interns keys and
// processes, restores source order, and sorts the keys so that views can search them. Parts are appended from one
// thread, in source order; a part itself is filled by whichever thread reads it.
#pragma once

#include <unordered_map>
#include <vector>

#include "core/base/result.h"
#include "core/base/task.h"
#include "core/trace/key_interner.h"
#include "core/trace/trace.h"

namespace alloclens {

/// The events of one stretch of the source. Lines count from 1 at the start of the part.
class TracePart {
public:
    struct Event {
        EventKind kind = EventKind::Allocation;
        Memory memory = Memory::Unknown;
        AddressKey key;
        bool hasKey = true;
        std::int32_t pid = kNoPid;
        std::uint64_t size = kNoSize;
        std::uint32_t refCount = 0;
        std::uint32_t line = 0;
    };

    void reserve(std::size_t events);
    void add(const Event& event);

    EventTable events;  ///< address and process are rows of this part's own tables until appended
    KeyInterner keys;
    std::vector<std::int32_t> processes;
    Diagnostics diagnostics;
    PrintedFacts facts;
    LineCounts lineCounts;
    std::uint32_t lines = 0;              ///< lines that begin in this part
    std::vector<SourceText::Mark> marks;  ///< line counted from 0 within the part; offset in the source
    std::uint64_t hexadecimalIds = 0;
    std::uint64_t decimalIds = 0;

private:
    [[nodiscard]] ProcessId internProcess(std::int32_t pid);
    ProcessId m_lastProcess;
    std::unordered_map<std::int32_t, ProcessId> m_processIds;
};

class TraceBuilder {
public:
    void reserve(std::size_t events);
    /// Takes over a part; the next part's lines follow this one's. Fails where the source has more than 2^32 - 2
    /// lines or events, the most that a trace can number.
    [[nodiscard]] Result<void> append(TracePart&& part);
    [[nodiscard]] std::uint32_t lines() const { return m_lines; }

    /// What has been collected so far, for importers that complete it (block context, synthesised sweeps).
    Trace& draft() { return m_trace; }
    std::vector<SourceText::Mark>& marks() { return m_marks; }

    /// Sorts the keys, places events without a device, and gives up the trace. The builder is empty afterwards.
    [[nodiscard]] Trace finish(std::string formatName, std::string path, FileHandle file, std::uint64_t bytes);

private:
    void placeEventsWithoutDevice();
    void sortKeys();

    Trace m_trace;
    KeyInterner m_keys;
    std::unordered_map<std::int32_t, ProcessId> m_processIds;
    std::vector<SourceText::Mark> m_marks;
    std::uint32_t m_lines = 0;
    std::uint64_t m_hexadecimalIds = 0;
    std::uint64_t m_decimalIds = 0;
};

}  // namespace alloclens
