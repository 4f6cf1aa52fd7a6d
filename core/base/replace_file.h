// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes files completely or not at all. A result goes to a nameless file in the target's folder, which takes the
// target's name when it is complete; a program that is killed leaves nothing. File systems without nameless files get a
// file called ".alloclens-" and a random number. A replaced file keeps its mode, its access list and, if the system
// allows it, its owner. Devices, pipes and the program's own descriptors (/dev/stdout) are written to directly. Any
// thread may call.
//
// If the path is a link, the link stays and the file that it names is replaced. In a folder where everybody may put
// files, such as /tmp, links and files of other users are neither followed nor replaced.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include "core/base/input_files.h"
#include "core/base/result.h"

namespace alloclens {

/// What happens to a file that has the target's name already.
enum class Existing {
    Replaced,
    Kept,  ///< and the call fails
};

/// Whether a result may go to `path`; "" and "-" are standard output. Call it before reading a long file. Errors: it is
/// one of the inputs (Usage); it cannot be written there (Output).
[[nodiscard]] Result<void> checkOutput(const std::string& path, const InputFiles& inputs);

/// Calls `write` with a descriptor that is open for writing; `write` must not close it. Errors: those of `write`, of
/// checkOutput, and of writing. They name `path` and say what to do.
[[nodiscard]] Result<void> replaceFile(const std::string& path, const InputFiles& inputs, Existing existing,
                                       const std::function<Result<void>(int descriptor)>& write);

/// The same with a stream instead of a descriptor.
[[nodiscard]] Result<void> writeFileWhole(const std::string& path, const InputFiles& inputs,
                                          const std::function<Result<void>(std::ostream&)>& write);

/// "cannot be written: No space left on device", with advice for this errno.
[[nodiscard]] Error writeFailure(const std::string& path, int code);

}  // namespace alloclens
