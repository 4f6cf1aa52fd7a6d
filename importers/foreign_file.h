// SPDX-License-Identifier: GPL-3.0-or-later
//
// Recognises files of other kinds by their first bytes: a web page, a program, a database, a report of another tool.
// Naming them helps more than "unknown format". Not asked if the user names a format.
#pragma once

#include <optional>
#include <string>

#include "importers/input.h"

namespace alloclens {

struct ForeignFile {
    std::string what;     ///< "is a PDF document"
    std::string advice;   ///< what to open instead
    bool isText = false;  ///< may contain lines of a log
};

/// None if the input begins like no other known kind of file. Reads the beginning only.
[[nodiscard]] std::optional<ForeignFile> foreignFileIn(const Input& input);

}  // namespace alloclens
