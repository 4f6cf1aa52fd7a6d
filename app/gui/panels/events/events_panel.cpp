// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/events/events_panel.h"

#include <QObject>

#include "app/gui/look/words.h"
#include "core/trace/attribute_text.h"
#include "core/wording/story.h"

namespace alloclens {
namespace {

AddressId addressOf(const Analysis& analysis, std::uint32_t row) { return analysis.trace->events.address[row]; }

// On frees the log names no memory and refused frees no size; what the lifetime has is meant.
Memory memoryOf(const Analysis& analysis, std::uint32_t row) {
    const LifetimeId lifetime = analysis.replay.lifetimeOf[row];
    const Memory own = analysis.trace->events.memory[row];
    return own == Memory::Unknown && lifetime.isValid() ? analysis.replay.lifetime(lifetime).memory : own;
}

std::uint32_t generationOf(const Analysis& analysis, std::uint32_t row) {
    const LifetimeId lifetime = analysis.replay.lifetimeOf[row];
    return lifetime.isValid() ? analysis.replay.lifetime(lifetime).generation : 0;
}

std::int64_t pidOf(const Analysis& analysis, std::uint32_t row) {
    return analysis.trace->pid(analysis.trace->events.process[row]);
}

std::int64_t senderOf(const Analysis& analysis, std::uint32_t row) {
    return analysis.trace->pid(analysis.trace->events.senderOf(EventId(row)));
}

// A sweep's size column counts entries.
std::uint64_t sizeOf(const Analysis& analysis, std::uint32_t row) {
    return analysis.trace->events.kind[row] == EventKind::Sweep ? kNoSize : analysis.trace->events.size[row];
}

// Equal values stand together when sorted by it, in the order in which they come first.
TableColumn attributeColumn(Attribute attribute) {
    constexpr int kWidthInDigits = 24;
    const AttributeInfo& info = attributeInfo(attribute);
    return {toQString(info.title),
            toQString(info.help),
            kWidthInDigits,
            false,
            [attribute](const Analysis& a, std::uint32_t row) {
                return toQString(attributeText(*a.trace, attribute, EventId(row)));
            },
            [attribute](const Analysis& a, std::uint32_t row) -> std::uint64_t {
                return a.trace->events.attributes.of(attribute, row);
            },
            [attribute](const Analysis& a, std::uint32_t row) {
                QString lines;
                for (const std::string& line : attributeLines(*a.trace, attribute, EventId(row))) {
                    if (!lines.isEmpty()) lines += '\n';
                    lines += toQString(line);
                }
                return tipText(lines);
            },
            [attribute](const Analysis& a) { return a.trace->events.attributes.has(attribute); }};
}

}  // namespace

TableSpec eventsTable() {
    TableSpec spec;
    spec.objectName = "eventsView";
    spec.accessibleName = QObject::tr("Events");
    spec.rowWord = "event";
    spec.emptyText = QObject::tr(
        "Open a log to list its allocations, frees and sweeps here. The filter chooses the rows.");
    spec.count = [](const Analysis& a) { return a.trace->events.count(); };
    spec.flags = [](const FilterResult& filter) -> const RowFlags& { return filter.events; };
    spec.selectedRow = [](const Selection& selection) { return selection.event.value; };
    spec.selection = [](const Analysis& a, std::uint32_t row) { return selectionOf(a, EventId(row)); };
    spec.columns = {
        {QObject::tr("Event"),
         QObject::tr("Number in the order of the source"),
         9,
         true,
         [](const Analysis&, std::uint32_t row) { return eventNumberText(EventId(row)); },
         [](const Analysis&, std::uint32_t row) -> std::uint64_t { return row; },
         {}},
        {QObject::tr("Line"),
         QObject::tr("Line of the source"),
         9,
         true,
         [](const Analysis& a, std::uint32_t row) { return countText(a.trace->events.line[row]); },
         [](const Analysis& a, std::uint32_t row) -> std::uint64_t { return a.trace->events.line[row]; },
         {}},
        {QObject::tr("Time"), QObject::tr("Time from the first event that has one; the tooltip has the date"), 15, true,
         [](const Analysis& a, std::uint32_t row) { return offsetText(*a.trace, EventId(row)); },
         [](const Analysis& a, std::uint32_t row) { return signedKey(a.trace->events.timeOf(EventId(row))); },
         [](const Analysis& a, std::uint32_t row) { return toQString(timeText(*a.trace, EventId(row))); },
         [](const Analysis& a) { return a.trace->hasTime(); }},
        {QObject::tr("Kind"),
         QObject::tr("What the tracker recorded"),
         12,
         false,
         [](const Analysis& a, std::uint32_t row) { return eventKindText(a.trace->events.kind[row]); },
         [](const Analysis& a, std::uint32_t row) { return static_cast<std::uint64_t>(a.trace->events.kind[row]); },
         {}},
        {QObject::tr("Letter"), QObject::tr("Its letter in the address's lifecycle: A a f F U R"), 5, false,
         [](const Analysis& a, std::uint32_t row) { return letterText(a.replay.letters[row]); },
         [](const Analysis& a, std::uint32_t row) { return static_cast<std::uint64_t>(a.replay.letters[row]); },
         [](const Analysis& a, std::uint32_t row) { return toQString(letterWords(a.replay.letters[row])); }},
        {QObject::tr("Device"),
         QObject::tr("Device"),
         6,
         true,
         [](const Analysis& a, std::uint32_t row) { return deviceText(a, addressOf(a, row)); },
         [](const Analysis& a, std::uint32_t row) {
             const AddressId id = addressOf(a, row);
             return signedKey(id.isValid() ? a.key(id).device : kNoDevice);
         },
         {}},
        {QObject::tr("Address"), QObject::tr("Address as the log writes it"), 12, true,
         [](const Analysis& a, std::uint32_t row) { return addressText(a, addressOf(a, row)); },
         [](const Analysis& a, std::uint32_t row) {
             const AddressId id = addressOf(a, row);
             return id.isValid() ? a.key(id).address : 0;
         },
         [](const Analysis& a, std::uint32_t row) { return otherAddressText(a, addressOf(a, row)); }},
        {QObject::tr("Memory"),
         QObject::tr("Memory of the lifetime"),
         12,
         false,
         [](const Analysis& a, std::uint32_t row) { return memoryText(memoryOf(a, row)); },
         [](const Analysis& a, std::uint32_t row) { return static_cast<std::uint64_t>(memoryOf(a, row)); },
         {}},
        {QObject::tr("Size"), QObject::tr("Size as the line prints it, over all banks"), 9, true,
         [](const Analysis& a, std::uint32_t row) { return sizeText(sizeOf(a, row)); },
         [](const Analysis& a, std::uint32_t row) { return sizeOf(a, row); },
         [](const Analysis& a, std::uint32_t row) { return exactSizeText(sizeOf(a, row)); }},
        {QObject::tr("Process"),
         QObject::tr("Process that the line names"),
         8,
         true,
         [](const Analysis& a, std::uint32_t row) { return pidText(static_cast<std::int32_t>(pidOf(a, row))); },
         [](const Analysis& a, std::uint32_t row) { return signedKey(pidOf(a, row)); },
         {}},
        {QObject::tr("Sender"),
         QObject::tr("Process that sent the message; on frees it may not be the owner"),
         8,
         true,
         [](const Analysis& a, std::uint32_t row) { return pidText(static_cast<std::int32_t>(senderOf(a, row))); },
         [](const Analysis& a, std::uint32_t row) { return signedKey(senderOf(a, row)); },
         {},
         [](const Analysis& a) { return a.trace->events.hasSender(); }},
        {QObject::tr("Ref count"),
         QObject::tr("Reference count as the line prints it"),
         7,
         true,
         [](const Analysis& a, std::uint32_t row) {
             const std::uint32_t count = a.trace->events.refCount[row];
             return count == 0 ? QString() : countText(count);
         },
         [](const Analysis& a, std::uint32_t row) -> std::uint64_t { return a.trace->events.refCount[row]; },
         {}},
        {QObject::tr("Depth"),
         QObject::tr("Open allocations of the address after the event"),
         6,
         true,
         [](const Analysis& a, std::uint32_t row) { return countText(a.replay.depthAfter[row]); },
         [](const Analysis& a, std::uint32_t row) -> std::uint64_t { return a.replay.depthAfter[row]; },
         {}},
        {QObject::tr("Lifetime"),
         QObject::tr("Generation of the address"),
         9,
         false,
         [](const Analysis& a, std::uint32_t row) {
             const std::uint32_t generation = generationOf(a, row);
             return generation == 0 ? QString() : "g" + QString::number(generation);
         },
         [](const Analysis& a, std::uint32_t row) -> std::uint64_t { return generationOf(a, row); },
         {}},
    };
    for (std::size_t i = 0; i < kAttributeCount; ++i) spec.columns.push_back(attributeColumn(attributeAt(i)));
    return spec;
}

}  // namespace alloclens
