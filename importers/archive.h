// SPDX-License-Identifier: GPL-3.0-or-later
//
// Archives: files that hold other files. One is never read as a log, though a log's lines may be plain to see in it:
// the files in it may be of several runs, and names and padding lie between them. So it is named, with what it holds
// and how to unpack it. A few reads.
#pragma once

#include <optional>
#include <string>

#include "importers/input.h"

namespace alloclens {

struct Archive {
    std::string what;    ///< "is a tar archive that holds server.log and run0.log"
    std::string advice;  ///< "Unpack it first (tar xf logs.tar.gz), then open the log in it."
};

/// The archive that the input is. Of a pipe as much is waited for as it takes to tell.
[[nodiscard]] std::optional<Archive> archiveIn(const Input& input);

}  // namespace alloclens
