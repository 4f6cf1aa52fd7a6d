// SPDX-License-Identifier: GPL-3.0-or-later
//
// Attributes: values of an event that only some sources have, such as the name of the buffer and the call stack. This
// is the only list of them. Native traces, tables, the filter and reports take names and types from it. A new attribute
// is a row of the list and an importer that fills it. A value is an index into the AttributeTables of the event's
// owner, or 0 for none. Plain values, for any thread.
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
    std::string_view help;    ///< a clause that explains it
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

/// The values of all events: one column for each attribute. A column without any value has no rows.
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

    /// Appends `rows` after the `before` events that were added earlier. Events without a row have no value.
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
