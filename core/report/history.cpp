// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <ostream>

#include "core/base/showable.h"
#include "core/base/units.h"
#include "core/report/attributes.h"
#include "core/report/parts.h"
#include "core/report/text_style.h"
#include "core/trace/line_reader.h"
#include "core/wording/story.h"

namespace alloclens {
namespace {

using Json = nlohmann::ordered_json;

Result<void> writeText(const ReportInput& input, AddressId id, std::ostream& out) {
    const Analysis& analysis = *input.analysis;
    const TextStyle style(input.colour);
    const AddressKey& key = analysis.key(id);
    const AddressSummary& summary = analysis.replay.address(id);
    out << style.strong(fmt::format("device {}  {} ({})", deviceText(key.device), key.address, formatHex(key.address)))
        << '\n';
    out << fmt::format("{}, {}, {}, {}\nbalance {} at the end, {} at its lowest; lifecycle {}\n",
                       formatQuantity(summary.allocations, "allocation"),
                       formatQuantity(summary.acceptedFrees, "accepted free"),
                       formatQuantity(summary.refusedFrees, "refused free"),
                       formatQuantity(summary.lifetimes, "lifetime"), formatSignedCount(summary.finalBalance),
                       formatSignedCount(summary.lowestBalance), analysis.replay.lifecycle(id));
    LineReader lines(*analysis.trace->source);
    LifetimeId current;
    bool isFirst = true;
    for (const EventId event : analysis.replay.eventsOf(id)) {
        const Letter letter = analysis.replay.letters[event.index()];
        const LifetimeId lifetime = letter == Letter::Swept ? current : analysis.replay.lifetimeOf[event.index()];
        if (isFirst || lifetime != current) {
            out << '\n';
            if (lifetime.isValid()) {
                const Lifetime begun = analysis.replay.lifetime(lifetime);
                out << style.strong(fmt::format("g{}", begun.generation)) << "  " << lifetimeSentence(analysis, begun)
                    << '\n';
            } else {
                out << style.strong("before any allocation in this trace") << '\n';
            }
            current = lifetime;
            isFirst = false;
        }
        const std::uint32_t line = analysis.trace->events.line[event.index()];
        const auto text = lines.line(line);
        if (!text) return text.error();
        const std::string mark(1, static_cast<char>(letter));
        out << "  " << (letter == Letter::Refused ? style.refused(mark) : mark)
            << fmt::format("  line {:>10}  ", formatCount(line)) << placeColumn(*analysis.trace, line)
            << timeColumn(*analysis.trace, event) << showable(*text) << '\n';
        for (const std::string& note : attributeNotes(*analysis.trace, event))
            out << style.muted("       " + note) << '\n';
    }
    return {};
}

Json lifetimeJson(const Analysis& analysis, const Lifetime& lifetime) {
    const EventTable& events = analysis.trace->events;
    const std::int32_t owner = analysis.trace->pid(lifetime.owner);
    Json json;
    json["generation"] = lifetime.generation;
    json["memory"] = lifetime.memory == Memory::Unknown ? Json(nullptr) : Json(memoryName(lifetime.memory));
    json["size"] = lifetime.size == kNoSize ? Json(nullptr) : Json(lifetime.size);
    json["owner"] = owner == kNoPid ? Json(nullptr) : Json(owner);
    json["peakDepth"] = lifetime.peakDepth;
    json["firstLine"] = events.line[lifetime.first.index()];
    json["lastLine"] = lifetime.last.isValid() ? Json(events.line[lifetime.last.index()]) : Json(nullptr);
    json["end"] = lifetimeEndName(lifetime.end);
    return json;
}

Result<void> writeJson(const ReportInput& input, AddressId id, std::ostream& out) {
    const Analysis& analysis = *input.analysis;
    const AddressKey& key = analysis.key(id);
    const AddressSummary& summary = analysis.replay.address(id);
    Json json;
    json["schema"] = "alloclens.history/1";
    json["source"] = sourceJson(*analysis.trace);
    json["device"] = key.device == kNoDevice ? Json(nullptr) : Json(key.device);
    json["address"] = key.address;
    json["addressHex"] = formatHex(key.address);
    json["allocations"] = summary.allocations;
    json["frees"] = summary.acceptedFrees;
    json["unknownFrees"] = summary.refusedFrees;
    json["refusedFrees"] = summary.refusedFrees;
    json["lowestBalance"] = summary.lowestBalance;
    json["finalBalance"] = summary.finalBalance;
    json["lifecycle"] = analysis.replay.lifecycle(id);
    json["lifetimes"] = Json::array();
    for (const Lifetime& lifetime : analysis.replay.lifetimesOf(id)) {
        json["lifetimes"].push_back(lifetimeJson(analysis, lifetime));
    }
    json["events"] = Json::array();
    LineReader lines(*analysis.trace->source);
    for (const EventId event : analysis.replay.eventsOf(id)) {
        const std::size_t i = event.index();
        const auto text = lines.line(analysis.trace->events.line[event.index()]);
        if (!text) return text.error();
        const LifetimeId lifetime = analysis.replay.lifetimeOf[i];
        Json entry;
        entry["ordinal"] = i + 1;
        entry["line"] = analysis.trace->events.line[i];
        entry["kind"] = eventKindName(analysis.trace->events.kind[i]);
        entry["letter"] = std::string(1, static_cast<char>(analysis.replay.letters[i]));
        entry["generation"] = lifetime.isValid() ? Json(analysis.replay.lifetime(lifetime).generation) : Json(nullptr);
        entry["depth"] = analysis.replay.depthAfter[i];
        entry["text"] = *text;
        addOptionalValues(*analysis.trace, event, entry);
        json["events"].push_back(std::move(entry));
    }
    out << dumpJson(json, 2) << '\n';
    return {};
}

}  // namespace

Result<void> writeHistory(const ReportInput& input, AddressId address, std::string_view format, std::ostream& out) {
    return format == "json" ? writeJson(input, address, out) : writeText(input, address, out);
}

}  // namespace alloclens
