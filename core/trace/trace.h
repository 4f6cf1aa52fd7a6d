// SPDX-License-Identifier: GPL-3.0-or-later
//
// One file after reading: its events, the keys and processes they name, what was wrong in it, what it printed about
// itself, and the way back to its text. Made once by a TraceBuilder, immutable afterwards, shared between threads.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/units.h"
#include "core/trace/attribute_tables.h"
#include "core/trace/diagnostics.h"
#include "core/trace/event_table.h"
#include "core/trace/printed_facts.h"
#include "core/trace/source_text.h"
#include "core/trace/time_index.h"

namespace alloclens {

/// The rules of the server that wrote the source; replay follows them (docs/formats/server-log.md).
struct TrackerRules {
    /// The server counts references. The first generation did not: an allocation of a live key replaced the entry,
    /// owner and size included.
    bool countsReferences = true;
    /// A re-allocation of a live key takes the new size (the enhanced server); otherwise the first size is kept.
    bool keepsLastSize = false;
};

/// What every line of the source was; the four sum to the line count.
struct LineCounts {
    std::uint64_t events = 0;   ///< at least one event was read from the line
    std::uint64_t facts = 0;    ///< printed facts, banners, blank lines inside the server's blocks
    std::uint64_t foreign = 0;  ///< other programs' lines
    std::uint64_t damaged = 0;  ///< parts of an event line that could not be read
};

/// What a converted or recorded trace was made from; empty for a source that is read itself.
struct TraceOrigin {
    std::string format;
    std::string path;
    std::string details;             ///< the text of a JSON object, such as the devices of the machine
    std::vector<std::string> notes;  ///< the same, written along the way
};

struct Trace {
    std::string formatName;  ///< the importer's stable name, such as "server-log"
    TraceOrigin origin;
    std::shared_ptr<const SourceText> source;
    EventTable events;
    AttributeTables attributeTables;      ///< what attributes of events point into
    TimeIndex timeIndex;                  ///< where events stand in time; empty where none has one
    std::vector<AddressKey> addresses;    ///< by AddressId: sorted by device, then address
    std::vector<std::int32_t> processes;  ///< by ProcessId: pids in order of first appearance
    AddressForm addressForm = AddressForm::Decimal;
    TrackerRules rules;
    Diagnostics diagnostics;
    PrintedFacts facts;
    LineCounts lineCounts;
    bool isGrowing = false;  ///< more of the source is still to come: it is being written, or not all of it is read yet

    [[nodiscard]] const AddressKey& key(AddressId id) const { return addresses[id.index()]; }
    /// The pid, or kNoPid.
    [[nodiscard]] std::int32_t pid(ProcessId id) const { return id.isValid() ? processes[id.index()] : kNoPid; }
    [[nodiscard]] bool hasTime() const { return !timeIndex.isEmpty(); }
    /// Where an event stands in time: its own or, where it has none, the latest before it. Only if hasTime().
    [[nodiscard]] std::int64_t placeInTime(EventId id) const { return timeIndex.placeOf(events.time, id.index()); }
    /// A key's address in the form that the source uses.
    [[nodiscard]] std::string addressText(AddressId id) const { return formatAddress(key(id).address, addressForm); }
    /// The row of a key, or none.
    [[nodiscard]] AddressId findAddress(const AddressKey& key) const;
};

}  // namespace alloclens
