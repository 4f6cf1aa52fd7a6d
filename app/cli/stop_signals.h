// SPDX-License-Identifier: GPL-3.0-or-later
//
// The signals that end a recording, as a descriptor to poll. open() blocks them in its thread and in threads that it
// starts later. An ignored SIGHUP stays ignored, so a recording under nohup continues when its terminal closes. Used by
// one thread.
#pragma once

#include "core/base/result.h"
#include "core/trace/source_text.h"

namespace alloclens::cli {

class StopSignals {
public:
    /// Blocks the signals and opens the descriptor. Call it before other threads start. Errors: the system has no
    /// descriptor left.
    [[nodiscard]] static Result<StopSignals> open();

    /// A descriptor that is readable once a signal has arrived.
    [[nodiscard]] int descriptor() const { return m_file.descriptor(); }
    /// Takes the first signal that arrived, or returns 0 if none has.
    [[nodiscard]] int take() const;
    /// Ends the program as the signal does by default.
    [[noreturn]] static void dieOf(int signal);

private:
    explicit StopSignals(FileHandle file) : m_file(std::move(file)) {}
    FileHandle m_file;
};

}  // namespace alloclens::cli
