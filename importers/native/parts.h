// SPDX-License-Identifier: GPL-3.0-or-later
//
// The parts of a recording that goes on in several files, each complete in itself: their names, and which lie beside
// the first. A part is told by its description, never by its name alone. Free functions, for any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/task.h"
#include "importers/input.h"
#include "importers/native/block.h"
#include "importers/native/layout.h"
#include "importers/native/trace_assembly.h"

namespace alloclens::native {

/// "run.alens", "run.2.alens", ...
[[nodiscard]] std::string partPath(const std::string& path, unsigned part);

/// Which part of which recording a file is; parts count from 1.
struct RunPart {
    std::string run;
    unsigned part = 0;
    friend bool operator==(const RunPart&, const RunPart&) = default;
};

/// None where the description names no recording.
[[nodiscard]] std::optional<RunPart> runPartOf(const Description& description);

/// A native trace that is open, and where its blocks lie. Stays where it is: `read` reads its input.
struct PartInput {
    explicit PartInput(Input&& opened);
    PartInput(const PartInput&) = delete;
    PartInput& operator=(const PartInput&) = delete;

    Input input;
    ReadBytes read;
    Layout layout;
};

/// The files beside `path` that are further parts of its recording, where it is the first part.
[[nodiscard]] std::vector<std::string> furtherParts(const std::string& path);

/// Opens the file of part `wanted.part` of the recording whose first part is at `path`. Errors: it is missing, cannot
/// be read, or is something else.
[[nodiscard]] Result<std::unique_ptr<PartInput>> openPart(const std::string& path, const RunPart& wanted,
                                                          const TaskContext& task);

/// Says in the trace where a recording has no end: its recorder was stopped by something, or the part that it goes on
/// in was not read. `last` is the layout of the file that was put together last; call noteParts() before.
void noteEnd(TraceAssembly& trace, const Layout& last);

/// Says in the trace of the file at `path` which part of a recording it is, where it is not the first one, and which
/// part is missing behind part `last`, up to which they were put together, where more lie beside it.
void noteParts(TraceAssembly& trace, const std::string& path, unsigned last, const TaskContext& task);

}  // namespace alloclens::native
