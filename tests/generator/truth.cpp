// SPDX-License-Identifier: GPL-3.0-or-later
#include "truth.h"

#include <nlohmann/json.hpp>

#include "scrambled.h"

namespace alloclens::generator {

namespace {

using nlohmann::ordered_json;

ordered_json lineOrNull(std::uint64_t line) { return line == 0 ? ordered_json(nullptr) : ordered_json(line); }

ordered_json toJson(const TruthFinding& finding) {
    ordered_json json{{"kind", finding.kind}, {"device", finding.device}, {"address", finding.address}};
    if (finding.kind == "aliased-allocation") {
        json["line"] = finding.line;
        json["sizeDiffers"] = finding.sizeDiffers;
        json["memoryDiffers"] = finding.memoryDiffers;
    } else if (finding.kind == "leak") {
        json["line"] = finding.line;
    } else if (finding.kind == "swept-leak") {
        json["line"] = finding.line;
        json["allocated"] = finding.allocated;
    } else {
        json["generation"] = finding.generation;
        json["allocated"] = lineOrNull(finding.allocated);
        json["released"] = lineOrNull(finding.released);
        json["line"] = finding.line;
    }
    return json;
}

}  // namespace

Truth::Truth(Generation generation) : m_generation(generation) {}

void Truth::allocated(const Message& message, std::uint64_t line) {
    ++m_counts.allocations;
    Address& address = m_keys[{message.device, message.address}];
    if (address.depth++ > 0) {
        ++m_counts.aliasedAllocations;
        TruthFinding finding{
            .kind = "aliased-allocation", .device = message.device, .address = message.address, .line = line};
        finding.sizeDiffers = message.size != address.size;
        finding.memoryDiffers = message.type != address.type;
        m_findings.push_back(finding);
        return;
    }
    ++address.generation;
    address.firstLine = line;
    address.size = message.size;
    address.type = message.type;
    address.owner = message.process;
}

void Truth::freed(const Message& message, std::uint64_t line) {
    Address& address = m_keys[{message.device, message.address}];
    if (address.depth > 1 && traitsOf(m_generation).countsReferences) {
        --address.depth;
        ++m_counts.partialFrees;
        return;
    }
    if (address.depth > 0) {
        address.depth = 0;
        address.releaseLine = line;
        address.ending = Ending::Released;
        ++m_counts.finalFrees;
        return;
    }
    ++m_counts.unknownFrees;
    address.everRefused = true;
    TruthFinding finding{.kind = "unknown-free", .device = message.device, .address = message.address, .line = line};
    finding.generation = address.generation;
    finding.allocated = address.firstLine;
    if (address.ending == Ending::Released) {
        finding.kind = "double-free";
        finding.released = address.releaseLine;
    } else if (address.ending == Ending::Swept) {
        finding.kind = "free-after-sweep";
    }
    m_findings.push_back(finding);
}

void Truth::swept(int process, std::uint64_t line) {
    noted("sweeps");
    for (const auto* entry : scrambled(m_keys)) {
        if (entry->second.depth == 0 || entry->second.owner != process) {
            continue;
        }
        Address& address = m_keys[entry->first];
        address.depth = 0;
        address.ending = Ending::Swept;
        address.everSwept = true;
        ++m_counts.swept;
        TruthFinding finding{
            .kind = "swept-leak", .device = entry->first.device, .address = entry->first.address, .line = line};
        finding.allocated = address.firstLine;
        m_findings.push_back(finding);
    }
}

void Truth::finish(std::uint64_t lines) {
    m_lines = lines;
    for (const auto* entry : scrambled(m_keys)) {
        const auto& [key, address] = *entry;
        const bool unreleased = address.depth > 0 || address.everSwept;
        ++m_addresses.total;
        m_addresses.unreleased += unreleased ? 1U : 0U;
        m_addresses.overFreed += address.everRefused ? 1U : 0U;
        m_addresses.balanced += !unreleased && !address.everRefused ? 1U : 0U;
        if (address.depth > 0) {
            m_findings.push_back(
                {.kind = "leak", .device = key.device, .address = key.address, .line = address.firstLine});
        }
    }
}

std::map<std::string, std::uint64_t> Truth::kinds() const {
    std::map<std::string, std::uint64_t> kinds;
    for (const TruthFinding& finding : m_findings) {
        ++kinds[finding.kind];
    }
    return kinds;
}

std::string Truth::toJson() const {
    ordered_json json;
    json["lines"] = m_lines;
    json["counts"] = {{"allocations", m_counts.allocations},   {"aliasedAllocations", m_counts.aliasedAllocations},
                      {"partialFrees", m_counts.partialFrees}, {"finalFrees", m_counts.finalFrees},
                      {"unknownFrees", m_counts.unknownFrees}, {"swept", m_counts.swept}};
    json["addresses"] = {{"total", m_addresses.total},
                         {"balanced", m_addresses.balanced},
                         {"unreleased", m_addresses.unreleased},
                         {"overFreed", m_addresses.overFreed}};
    json["kinds"] = kinds();
    json["findings"] = ordered_json::array();
    for (const TruthFinding& finding : m_findings) {
        json["findings"].push_back(generator::toJson(finding));
    }
    json["more"] = {{"generation", traitsOf(m_generation).name}};
    for (const auto& [what, count] : m_more) {
        json["more"][what] = count;
    }
    return json.dump();
}

}  // namespace alloclens::generator
