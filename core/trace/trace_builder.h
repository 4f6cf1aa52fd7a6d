// SPDX-License-Identifier: GPL-3.0-or-later
//
// Collects events from parts of a source that were read in parallel and makes the Trace of them: gives keys, processes
// and sizes their numbers, restores source order, and sorts the keys so that views can search them. Parts are appended
// from one thread, in source order; a part itself is filled by whichever thread reads it, and can be used again.
#pragma once

#include <vector>

#include "core/base/interner.h"
#include "core/base/result.h"
#include "core/base/task.h"
#include "core/trace/trace.h"

namespace alloclens {

struct AddressKeyHash {
    [[nodiscard]] std::uint64_t operator()(const AddressKey& key) const {
        constexpr unsigned kDeviceShift = 40;
        return mixBits(key.address ^ (std::uint64_t{static_cast<std::uint32_t>(key.device)} << kDeviceShift));
    }
};
struct NumberHash {
    template <typename Number>
    [[nodiscard]] std::uint64_t operator()(Number value) const {
        return mixBits(static_cast<std::uint64_t>(value));
    }
};
using KeyInterner = Interner<AddressKey, AddressKeyHash>;
using SizeInterner = Interner<std::uint64_t, NumberHash>;
using PidInterner = Interner<std::int32_t, NumberHash>;

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
        std::int64_t time = kNoTime;
        std::int32_t sender = kNoPid;
        Attributes attributes = {};  ///< numbers of the tables of whoever holds the event
    };

    void add(const Event& event);
    [[nodiscard]] std::size_t events() const { return m_rows.size(); }
    /// Gives the event that was added last its attributes.
    void describeLast(const Attributes& attributes);
    /// What the attributes of its events point into.
    [[nodiscard]] AttributeTables& attributeTables() { return m_attributeTables; }

    /// An event of a source that has its keys, processes and sizes in tables: their numbers, from the functions below.
    struct NumberedEvent {
        std::uint32_t key = AddressId::kNoneValue;
        std::uint32_t process = ProcessId::kNoneValue;
        std::uint32_t sender = ProcessId::kNoneValue;
        std::uint32_t size = 0;
        std::uint32_t refCount = 0;
        std::uint32_t line = 0;
        EventKind kind = EventKind::Allocation;
        Memory memory = Memory::Unknown;
        std::int64_t time = kNoTime;
        Attributes attributes;
    };
    [[nodiscard]] std::uint32_t numberOf(const AddressKey& key) { return m_keys.intern(key); }
    [[nodiscard]] std::uint32_t numberOfProcess(std::int32_t pid) { return m_pids.intern(pid); }
    [[nodiscard]] std::uint32_t numberOfSize(std::uint64_t size) { return m_sizes.intern(size); }
    void reserve(std::size_t events) { m_rows.reserve(events); }
    void add(const NumberedEvent& event);

    /// Empties it and keeps its room for the next stretch.
    void clear();

    Diagnostics diagnostics;
    PrintedFacts facts;
    LineCounts lineCounts;
    std::uint32_t lines = 0;              ///< lines that begin in this part
    std::vector<SourceText::Mark> marks;  ///< line counted from 0 within the part; offset in the source
    std::uint64_t hexadecimalIds = 0;
    std::uint64_t decimalIds = 0;

private:
    friend class TraceBuilder;

    /// An event whose key, process and size are rows of this part's own tables, or none.
    struct Row {
        std::uint32_t key;
        std::uint32_t process;
        std::uint32_t size;
        std::uint32_t refCount;
        std::uint32_t line;
        EventKind kind;
        Memory memory;
    };

    /// What few formats have of a row.
    struct Extra {
        std::int64_t time = kNoTime;
        std::uint32_t sender = ProcessId::kNoneValue;
        Attributes attributes;
    };

    void addExtra(const Extra& extra);

    std::vector<Row> m_rows;
    std::vector<Extra> m_extras;  ///< of the first rows; the others have none
    KeyInterner m_keys;
    PidInterner m_pids;
    SizeInterner m_sizes;
    std::uint32_t m_largestRefCount = 0;
    bool m_hasTime = false;
    bool m_hasSender = false;
    bool m_hasAttributes = false;
    AttributeTables m_attributeTables;
    // Neighbouring events mostly have the same process and size.
    std::int32_t m_lastPid = kNoPid;
    std::uint32_t m_lastProcess = ProcessId::kNoneValue;
    std::uint64_t m_lastSize = kNoSize;
    std::uint32_t m_lastSizeNumber = SizeInterner::kNone;  ///< of it, once there is one
};

class TraceBuilder {
public:
    TraceBuilder();
    TraceBuilder(TraceBuilder&&) = default;
    TraceBuilder& operator=(TraceBuilder&&) = default;
    ~TraceBuilder() = default;

    /// Makes room for so many events, to be given back where they do not come.
    void reserve(std::size_t events) { m_trace.events.reserve(events); }
    /// Takes over what a part holds, whose lines follow those of the part before; the part is to be cleared then. The
    /// start of a server before anything was recorded is no restart. Fails where the source has more than 2^32 - 2
    /// lines or events, the most that a trace can number.
    [[nodiscard]] Result<void> append(TracePart&& part);
    [[nodiscard]] std::uint32_t lines() const { return m_lines; }
    [[nodiscard]] std::size_t events() const { return m_trace.events.count(); }
    [[nodiscard]] std::size_t facts() const { return m_trace.facts.size(); }

    /// What has been collected so far, for importers that complete it (block context, synthesised sweeps).
    Trace& draft() { return m_trace; }

    /// An event that is found after the others were appended, to be put before the event `before`.
    struct LateEvent {
        std::size_t before = 0;
        TracePart::Event event;
    };
    /// `late` are in the order of `before`. Linear in the events.
    void insert(std::span<const LateEvent> late);
    /// Gives the event `at` another meaning; its line stays.
    void replace(std::size_t at, const TracePart::Event& event);
    /// The number that a key has in the draft's address column, or AddressId's none.
    [[nodiscard]] std::uint32_t numberOf(const AddressKey& key) const { return m_keys.numberOf(key); }
    /// Most ids were printed so.
    [[nodiscard]] bool isHexadecimal() const { return m_hexadecimalIds > m_decimalIds; }
    [[nodiscard]] const std::vector<AddressKey>& keys() const { return m_keys.values(); }
    /// The size of an event of the draft, whose table of sizes is not there yet.
    [[nodiscard]] std::uint64_t sizeOf(std::size_t event) const {
        return m_sizes.values()[m_trace.events.size.numbers()[event]];
    }

    /// Where blocks of lines begin in the source, in place of what the parts said, which were read from a copy of it.
    void replaceMarks(std::vector<SourceText::Mark> marks) { m_marks = std::move(marks); }

    /// Sorts the keys, places events without a device, and gives up the trace. The builder is empty afterwards.
    /// `bytes` is the size of the source as far as it was read.
    [[nodiscard]] Trace finish(std::string formatName, std::string path, FileHandle file, std::uint64_t bytes);
    /// The same for a source whose text is made of a file; `bytes` counts those of the text, `fileBytes` of the file.
    [[nodiscard]] Trace finish(std::string formatName, std::string path, std::unique_ptr<const TextBytes> text,
                               std::uint64_t bytes, std::uint64_t fileBytes);
    /// The builder as it is now, to finish it while more is appended to this one. Event ids and lines will be those of
    /// the finished trace, the ids of keys will not.
    [[nodiscard]] TraceBuilder copy() const { return *this; }

private:
    TraceBuilder(const TraceBuilder&) = default;

    [[nodiscard]] EventTable::AddedRow rowOf(const TracePart::Event& event);
    static void forgetFirstStarts(TracePart& part);
    void appendEvents(const TracePart& part);
    void appendExtras(const TracePart& part, std::size_t skipped);
    void appendAttributes(const TracePart& part, std::size_t skipped);
    void complete(std::string formatName);

    Trace m_trace;
    KeyInterner m_keys;
    PidInterner m_pids;
    SizeInterner m_sizes;
    std::vector<SourceText::Mark> m_marks;
    std::uint32_t m_lines = 0;
    bool m_isAnyReplaced = false;  ///< a key may have no event any more
    std::uint64_t m_hexadecimalIds = 0;
    std::uint64_t m_decimalIds = 0;
    std::vector<Attributes> m_attributesOf;  ///< rows of a part
    // Row numbers of a part turned into the trace's; kept for their room.
    std::vector<std::uint32_t> m_keyOf;
    std::vector<std::uint32_t> m_processOf;
    std::vector<std::uint32_t> m_sizeOf;
};

}  // namespace alloclens
