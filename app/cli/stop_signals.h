// SPDX-License-Identifier: GPL-3.0-or-later
//
// The signals that end a recording, as something that can be waited for. They are blocked in the thread that opens this
// and in all threads that it starts afterwards. SIGHUP is left alone where it is ignored, so that a recording under
// nohup goes on when its terminal closes. Used by one thread.
#pragma once

#include "core/base/result.h"
#include "core/trace/source_text.h"

namespace alloclens::cli {

class StopSignals {
public:
    [[nodiscard]] static Result<StopSignals> open();

    /// Readable when a signal has come.
    [[nodiscard]] int descriptor() const { return m_file.descriptor(); }
    /// The signal that came first, which is then forgotten; 0: none has come.
    [[nodiscard]] int take() const;
    /// Ends the program as that signal does by default.
    [[noreturn]] static void dieOf(int signal);

private:
    explicit StopSignals(FileHandle file) : m_file(std::move(file)) {}
    FileHandle m_file;
};

}  // namespace alloclens::cli
