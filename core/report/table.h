// SPDX-License-Identifier: GPL-3.0-or-later
//
// A report that is rows under columns, written as aligned text, CSV or JSON from one description. Rows are made one at
// a time while writing, so a table of any length needs no memory of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace alloclens {

/// Nothing, a number, a text, or several numbers. Numbers are grouped in text and plain in CSV and JSON.
using Cell = std::variant<std::monostate, std::int64_t, std::uint64_t, std::string, std::vector<std::int64_t>,
                          std::vector<std::uint64_t>>;

struct ReportColumn {
    std::string_view title;       ///< for people
    std::string_view key;         ///< camelCase, for CSV and JSON
    bool isRight = false;         ///< numbers stand right
    bool isPlainNumber = false;   ///< an identifier: never grouped
    std::string_view alias = {};  ///< a second name of the key; JSON has both, CSV only the key
};

struct Table {
    std::vector<ReportColumn> columns;
    std::size_t rows = 0;
    /// Fills `cells`, one a column, with row `row`.
    std::function<void(std::size_t row, std::vector<Cell>& cells)> fill;
};

void writeTableText(const Table& table, bool colour, std::ostream& out);
/// RFC 4180: quoted where needed, lines end with CR LF.
void writeTableCsv(const Table& table, std::ostream& out);
/// The rows as JSON objects, one a line, separated by commas; the caller writes what is around them.
void writeTableJsonRows(const Table& table, std::ostream& out);

}  // namespace alloclens
