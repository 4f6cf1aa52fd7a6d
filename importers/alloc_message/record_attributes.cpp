// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/alloc_message/record_attributes.h"

#include "importers/alloc_message/message.h"
#include "importers/alloc_message/stack_text.h"

namespace alloclens::alloc_message {
namespace {

std::string_view textAt(const char* record, std::size_t offset, std::size_t bytes) {
    const std::string_view field(record + offset, bytes);
    return field.substr(0, field.find('\0'));
}

}  // namespace

std::string_view nameIn(const char* record, std::size_t size) {
    return size == kLargestRecord ? textAt(record, kNameOffset, kNameBytes) : std::string_view();
}

Attributes attributesIn(const char* record, std::size_t size, AttributeTables& tables) {
    Attributes attributes;
    if (size != kLargestRecord) return attributes;
    attributes[Attribute::Name] = tables.strings.intern(nameIn(record, size)).value;
    attributes[Attribute::Stack] = stackOf(textAt(record, kStackOffset, kStackBytes), tables).value;
    return attributes;
}

}  // namespace alloclens::alloc_message
