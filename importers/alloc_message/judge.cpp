// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/alloc_message/judge.h"

#include <fmt/format.h>

#include <string>

#include "core/base/units.h"
#include "importers/alloc_message/record_text.h"

namespace alloclens::alloc_message {
namespace {

std::string refusedNumber(const Message& message, Refusal why) {
    switch (why) {
    case Refusal::Device: return fmt::format("device {}", message.device);
    case Refusal::Size: return fmt::format("a size of {}", formatQuantity(message.size, "byte"));
    case Refusal::BufferType: return fmt::format("buffer type {}", message.bufferType);
    case Refusal::TooMany: break;
    }
    return {};
}

}  // namespace

void Judge::add(const Message& message, TracePart& part) {
    const Meaning meaning = m_interpreter.take(message);
    if (meaning.kind == Meaning::Kind::Event) {
        TracePart::Event event = eventOf(message, meaning);
        event.line = part.lines;
        event.time = timeOf(message.timestamp);
        event.sender = message.pid;
        part.add(event);
        ++part.decimalIds;
        ++part.lineCounts.events;
        return;
    }
    PrintedFact fact = factOf(message, meaning);
    fact.line = part.lines;
    part.facts.push_back(fact);
    ++part.lineCounts.facts;
    if (meaning.kind == Meaning::Kind::Refused) {
        part.diagnostics.add({DiagnosticCode::InvalidMessage, part.lines, refusedNumber(message, meaning.refusal)});
    }
}

}  // namespace alloclens::alloc_message
