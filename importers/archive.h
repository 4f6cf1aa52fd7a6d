// SPDX-License-Identifier: GPL-3.0-or-later
//
// Recognises archives: files that hold other files. An archive is never read as a log, although log lines may be
// visible in it: its files may be of several runs, with names and padding between them. The user learns what it holds
// and how to unpack it. Costs a few reads.
#pragma once

#include <optional>
#include <string>

#include "importers/input.h"

namespace alloclens {

struct Archive {
    std::string what;    ///< "is a tar archive that holds server.log and run0.log"
    std::string advice;  ///< "Unpack it first (tar xf logs.tar.gz), then open the log in it."
};

/// Describes the archive that the input is, or returns none. Waits for as many bytes of a pipe as the answer needs.
[[nodiscard]] std::optional<Archive> archiveIn(const Input& input);

}  // namespace alloclens
