// SPDX-License-Identifier: GPL-3.0-or-later
//
// What only some sources tell of an event: its attributes, such as the name of the buffer and the call stack. The list
// here is the only one: native traces, tables, the filter and reports take names and types from it, so that a further
// attribute is a row of it and an importer that fills it. A value is a number of the AttributeTables of whoever holds
// the event, 0 for none. Plain values.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/base/narrow_column.h"

namespace alloclens {

enum class Attribute : std::uint8_t { Name, Stack };
inline constexpr std::size_t kAttributeCount = 2;

enum class AttributeType : std::uint8_t {
    Text,   ///< a StringId
    Stack,  ///< a StackId
};

struct AttributeInfo {
    std::string_view name;    ///< stable: the key in JSON and CSV, the field of the filter, the name in native traces
    std::string_view title;   ///< for people
    std::string_view help;    ///< what it is, a clause
    std::string_view plural;  ///< "names"
    AttributeType type = AttributeType::Text;
};

/// In the order of Attribute.
[[nodiscard]] std::span<const AttributeInfo> attributeInfos();
[[nodiscard]] const AttributeInfo& attributeInfo(Attribute attribute);
[[nodiscard]] std::optional<Attribute> attributeFromName(std::string_view name);
[[nodiscard]] constexpr Attribute attributeAt(std::size_t i) { return static_cast<Attribute>(i); }

/// The values of one event.
struct Attributes {
    std::array<std::uint32_t, kAttributeCount> values = {};

    [[nodiscard]] std::uint32_t& operator[](Attribute attribute) { return values[static_cast<std::size_t>(attribute)]; }
    [[nodiscard]] std::uint32_t operator[](Attribute attribute) const {
        return values[static_cast<std::size_t>(attribute)];
    }
    [[nodiscard]] bool isEmpty() const { return *this == Attributes{}; }
    friend bool operator==(const Attributes&, const Attributes&) = default;
};

/// The values of all events: a column an attribute, without rows where no event has a value.
class AttributeColumns {
public:
    [[nodiscard]] bool has(Attribute attribute) const { return column(attribute).size() > 0; }
    [[nodiscard]] bool hasAny() const {
        return std::any_of(m_columns.begin(), m_columns.end(), [](const auto& column) { return column.size() > 0; });
    }
    [[nodiscard]] std::uint32_t of(Attribute attribute, std::size_t row) const {
        return has(attribute) ? column(attribute)[row] : 0;
    }
    [[nodiscard]] Attributes of(std::size_t row) const;

    /// Adds `rows` behind `before` others, which have no values as far as they have no rows.
    void append(std::size_t before, std::span<const Attributes> rows);
    [[nodiscard]] NarrowColumn& column(Attribute attribute) { return m_columns[static_cast<std::size_t>(attribute)]; }
    [[nodiscard]] const NarrowColumn& column(Attribute attribute) const {
        return m_columns[static_cast<std::size_t>(attribute)];
    }
    void shrink();

private:
    std::array<NarrowColumn, kAttributeCount> m_columns;
};

}  // namespace alloclens
