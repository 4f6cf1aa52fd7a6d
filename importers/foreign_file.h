// SPDX-License-Identifier: GPL-3.0-or-later
//
// Files that are something else and say so in their first bytes: a web page, a program, a database, a report of another
// tool. Naming them helps more than "unknown format". A format that the user names is read whatever it looks like.
#pragma once

#include <optional>
#include <string>

#include "importers/input.h"

namespace alloclens {

struct ForeignFile {
    std::string what;     ///< "is a PDF document"
    std::string advice;   ///< what to open instead
    bool isText = false;  ///< lines of a log may stand in it
};

[[nodiscard]] std::optional<ForeignFile> foreignFileIn(const Input& input);

}  // namespace alloclens
