// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/native/attribute_columns.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "importers/native/format.h"

namespace alloclens::native {
namespace {

using Rows = std::vector<std::uint64_t>;

ColumnId valuesOf(std::size_t attribute) {
    return static_cast<ColumnId>(static_cast<std::size_t>(ColumnId::AttributeValues) + attribute);
}

void writeTables(const AttributeTables& tables, ColumnWriter& columns) {
    const StringTable& strings = tables.strings;
    std::string text;
    const auto stringAt = [&strings](std::size_t i) { return strings.text(StringId::ofIndex(i)); };
    for (std::size_t i = 0; i < strings.size(); ++i) text += stringAt(i);
    columns.rows(ColumnId::StringLength, strings.size(), [&](std::size_t i) { return stringAt(i).size(); });
    columns.text(ColumnId::StringText, text);

    const StackTable& stacks = tables.stacks;
    const auto ofFrames = [&](ColumnId id, auto valueOf) {
        columns.rows(id, stacks.frames(), [&](std::size_t i) { return valueOf(stacks.frame(FrameId::ofIndex(i))); });
    };
    ofFrames(ColumnId::FrameFunction, [](const Frame& frame) { return frame.function.value; });
    ofFrames(ColumnId::FrameFile, [](const Frame& frame) { return frame.file.value; });
    ofFrames(ColumnId::FrameModule, [](const Frame& frame) { return frame.module.value; });
    ofFrames(ColumnId::FrameLine, [](const Frame& frame) { return frame.line; });
    ofFrames(ColumnId::FrameOffset, [](const Frame& frame) { return frame.offset; });
    const auto ofNodes = [&](ColumnId id, auto valueOf) {
        columns.rows(id, stacks.nodes(), [&](std::size_t i) { return valueOf(stacks.node(StackId::ofIndex(i))); });
    };
    ofNodes(ColumnId::NodeParent, [](const StackNode& node) { return node.parent.value; });
    ofNodes(ColumnId::NodeFrame, [](const StackNode& node) { return node.frame.value; });
}

/// Reads the tables into others, whose numbers may differ from those of the block. Row 0 of each list is none.
class TableReader {
public:
    TableReader(const ColumnReader& columns, AttributeTables& tables) : m_columns(columns), m_tables(tables) {}

    [[nodiscard]] bool read() { return readStrings() && readFrames() && readNodes(); }
    /// What the block's number means in the other tables; false where it means nothing.
    [[nodiscard]] bool translate(AttributeType type, std::uint64_t number, std::uint32_t& value) const {
        const std::vector<std::uint32_t>& numbers = type == AttributeType::Text ? m_strings : m_stacks;
        if (number >= numbers.size()) return false;
        value = numbers[static_cast<std::size_t>(number)];
        return true;
    }

private:
    // The rows of a table differ from each other, so they take a byte each at least.
    [[nodiscard]] bool isPossible(std::size_t rows) const {
        return rows <= std::min<std::size_t>(kMostLines, m_columns.bytes());
    }

    [[nodiscard]] bool readStrings() {
        const std::size_t count = m_columns.count(ColumnId::StringLength);
        std::string_view text = m_columns.text(ColumnId::StringText);
        Rows lengths;
        if (!isPossible(count) || !m_columns.numbers(ColumnId::StringLength, count, lengths)) return false;
        m_strings.push_back(0);
        for (const std::uint64_t length : lengths) {
            if (length == 0 || length > text.size()) return false;
            const auto bytes = static_cast<std::size_t>(length);
            m_strings.push_back(m_tables.strings.intern(text.substr(0, bytes)).value);
            text.remove_prefix(bytes);
        }
        return true;
    }

    [[nodiscard]] bool readFrames() {
        const std::size_t count = m_columns.count(ColumnId::FrameFunction);
        Rows rows;
        if (!isPossible(count)) return false;
        std::vector<Frame> frames(count);
        const auto take = [&](ColumnId id, auto set) {
            if (!m_columns.numbers(id, count, rows)) return false;
            bool areRight = true;
            for (std::size_t i = 0; i < count; ++i) areRight &= set(frames[i], rows[i]);
            return areRight;
        };
        const auto isText = [this](std::uint64_t row, StringId& id) {
            return translate(AttributeType::Text, row, id.value);
        };
        const bool isWhole = take(ColumnId::FrameFunction,
                                  [&](Frame& frame, std::uint64_t row) { return isText(row, frame.function); })
                             && take(ColumnId::FrameFile,
                                     [&](Frame& frame, std::uint64_t row) { return isText(row, frame.file); })
                             && take(ColumnId::FrameModule,
                                     [&](Frame& frame, std::uint64_t row) { return isText(row, frame.module); })
                             && take(ColumnId::FrameLine,
                                     [](Frame& frame, std::uint64_t row) {
                                         frame.line = static_cast<std::uint32_t>(row);
                                         return frame.line == row;
                                     })
                             && take(ColumnId::FrameOffset, [](Frame& frame, std::uint64_t row) {
                                    frame.offset = row;
                                    return true;
                                });
        if (!isWhole) return false;
        for (const Frame& frame : frames) m_frames.push_back(m_tables.stacks.intern(frame));
        return true;
    }

    // A parent is before its children, so there are no circles.
    [[nodiscard]] bool readNodes() {
        const std::size_t count = m_columns.count(ColumnId::NodeFrame);
        Rows parents;
        Rows frames;
        if (!isPossible(count) || !m_columns.numbers(ColumnId::NodeParent, count, parents)
            || !m_columns.numbers(ColumnId::NodeFrame, count, frames)) {
            return false;
        }
        m_stacks.push_back(0);
        for (std::size_t i = 0; i < count; ++i) {
            if (parents[i] >= m_stacks.size() || frames[i] == 0 || frames[i] > m_frames.size()) return false;
            const StackId parent(m_stacks[static_cast<std::size_t>(parents[i])]);
            m_stacks.push_back(m_tables.stacks.push(parent, m_frames[static_cast<std::size_t>(frames[i] - 1)]).value);
        }
        return true;
    }

    const ColumnReader& m_columns;
    AttributeTables& m_tables;
    std::vector<std::uint32_t> m_strings;
    std::vector<FrameId> m_frames;  ///< without one for none
    std::vector<std::uint32_t> m_stacks;
};

}  // namespace

void writeAttributes(const Block& block, ColumnWriter& columns) {
    std::string names;
    std::vector<std::size_t> written;
    for (std::size_t i = 0; i < kAttributeCount; ++i) {
        const bool isGiven = std::any_of(block.events.begin(), block.events.end(), [i](const TracePart::Event& event) {
            return event.attributes.values[i] != 0;
        });
        if (!isGiven) continue;
        written.push_back(i);
        names += attributeInfos()[i].name;
        names += '\n';
    }
    if (written.empty()) return;
    writeTables(block.attributeTables, columns);
    columns.text(ColumnId::AttributeNames, names);
    for (std::size_t column = 0; column < written.size(); ++column) {
        columns.rows(valuesOf(column), block.events.size(),
                     [&](std::size_t i) { return block.events[i].attributes.values[written[column]]; });
    }
}

bool readAttributes(const ColumnReader& columns, std::size_t events, AttributeTables& tables,
                    std::vector<Attributes>& values) {
    values.clear();
    std::string_view names = columns.text(ColumnId::AttributeNames);
    if (names.empty()) return true;
    TableReader reader(columns, tables);
    if (!reader.read()) return false;
    constexpr std::size_t kMostNames = 1024;
    Rows rows;
    for (std::size_t column = 0; !names.empty() && column < kMostNames; ++column) {
        const std::size_t end = std::min(names.find('\n'), names.size());
        const auto attribute = attributeFromName(names.substr(0, end));
        names.remove_prefix(std::min(end + 1, names.size()));
        if (!attribute) continue;  // of a newer program
        if (!columns.numbers(valuesOf(column), events, rows)) return false;
        values.resize(events);
        for (std::size_t i = 0; i < events; ++i) {
            if (!reader.translate(attributeInfo(*attribute).type, rows[i], values[i][*attribute])) return false;
        }
    }
    return true;
}

}  // namespace alloclens::native
