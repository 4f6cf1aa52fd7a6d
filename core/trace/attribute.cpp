// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/attribute.h"

namespace alloclens {
namespace {

constexpr std::array<AttributeInfo, kAttributeCount> kInfos = {{
    {"name", "Name", "The name that the program gives the buffer", "names", AttributeType::Text},
    {"stack", "Stack", "The calls that led to the event, the innermost first", "stacks", AttributeType::Stack},
}};

}  // namespace

std::span<const AttributeInfo> attributeInfos() { return kInfos; }

const AttributeInfo& attributeInfo(Attribute attribute) { return kInfos[static_cast<std::size_t>(attribute)]; }

std::optional<Attribute> attributeFromName(std::string_view name) {
    for (std::size_t i = 0; i < kInfos.size(); ++i) {
        if (kInfos[i].name == name) return attributeAt(i);
    }
    return std::nullopt;
}

Attributes AttributeColumns::of(std::size_t row) const {
    Attributes values;
    for (std::size_t i = 0; i < kAttributeCount; ++i) values.values[i] = of(attributeAt(i), row);
    return values;
}

void AttributeColumns::append(std::size_t before, std::span<const Attributes> rows) {
    for (std::size_t i = 0; i < kAttributeCount; ++i) {
        NarrowColumn& column = m_columns[i];
        std::uint32_t largest = 0;
        for (const Attributes& row : rows) largest = std::max(largest, row.values[i]);
        if (largest == 0 && column.size() == 0) continue;
        if (column.size() == 0) column.append(before, 0, [](std::size_t) { return 0U; });
        column.append(rows.size(), largest, [&rows, i](std::size_t row) { return rows[row].values[i]; });
    }
}

void AttributeColumns::shrink() {
    for (NarrowColumn& column : m_columns) column.shrink();
}

}  // namespace alloclens
