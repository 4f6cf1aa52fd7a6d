// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which files are read when a log is opened, so that no result overwrites one of them. Costs a few reads; any thread
// may call.
#pragma once

#include <string>
#include <string_view>

#include "core/base/input_files.h"

namespace alloclens {

/// Adds the file at `path`, and the further parts if it is the first part of a recording. Reads the beginning of
/// regular files only. `role` names the file in errors: "the log to be read".
void addReadFiles(InputFiles& inputs, const std::string& path, std::string_view role);

}  // namespace alloclens
