// SPDX-License-Identifier: GPL-3.0-or-later
//
// Makes files whole or not at all: a result is written to a file without a name in the target's folder, which gets the
// target's name when it is complete. A program that is ended meanwhile leaves nothing. File systems without nameless
// files get one called ".alloclens-" and a random number. A file that is replaced keeps its mode, its access list and,
// where the system lets us, its owner. Devices, pipes and the program's own descriptors (/dev/stdout) are written to.
//
// The last part of a path may be a link, which stays, and what it names is replaced. In a folder where everybody may
// put files, such as /tmp, what another user has put there is neither followed nor replaced.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include "core/base/input_files.h"
#include "core/base/result.h"

namespace alloclens {

/// What becomes of a file that has the target's name already.
enum class Existing {
    Replaced,
    Kept,  ///< and the result is an error
};

/// Whether a result may go to `path`, or to standard output for "" and "-". Asked before a long file is read. Errors:
/// it is one of the inputs (Usage); it cannot be written there (Output).
[[nodiscard]] Result<void> checkOutput(const std::string& path, const InputFiles& inputs);

/// `write` gets a descriptor that is open for writing and stays ours. Errors are those of `write`, of checkOutput, and
/// of writing; they name `path`, and say what to do.
[[nodiscard]] Result<void> replaceFile(const std::string& path, const InputFiles& inputs, Existing existing,
                                       const std::function<Result<void>(int descriptor)>& write);

/// The same for text.
[[nodiscard]] Result<void> writeFileWhole(const std::string& path, const InputFiles& inputs,
                                          const std::function<Result<void>(std::ostream&)>& write);

/// "cannot be written: No space left on device", and the advice that fits this errno.
[[nodiscard]] Error writeFailure(const std::string& path, int code);

}  // namespace alloclens
