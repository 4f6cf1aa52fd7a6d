// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads a file that another program is still writing; each step reads what is new. If the file is truncated,
// overwritten, deleted or replaced, as a rotated log is, it starts again with what is there. Used by one thread. The
// owner decides when to look, and when to make a trace.
#pragma once

#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/base/task.h"
#include "importers/fingerprint.h"
#include "importers/importer.h"

namespace alloclens {

class Follower {
public:
    /// Waits for the content of an empty file. Errors: the file is missing, not a plain file, or compressed.
    [[nodiscard]] static Result<Follower> open(std::string path, std::string formatName, const ReadOptions& options,
                                               const TaskContext& task);

    enum class Step {
        Nothing,    ///< nothing new
        Grown,      ///< something was read
        Truncated,  ///< the file was cut: forgets what was read and reads it from the beginning
        Rewritten,  ///< the file was overwritten: as Truncated
        Replaced,   ///< another file has its name: forgets what was read and reads that file next
        Removed,    ///< no file has had its name for some steps; keeps what was read. Returned once
    };
    /// Reads what is new, about 32 MiB at most. Errors: the format is unknown or cannot be followed; reading failed.
    [[nodiscard]] Result<Step> advance(const TaskContext& task);

    /// The trace of what was read; `isEnd` as in GrowingSource. Errors: nothing was read yet.
    [[nodiscard]] Result<std::shared_ptr<const Trace>> trace(bool isEnd) const;
    [[nodiscard]] std::size_t events() const { return m_source ? m_source->events() : 0; }
    [[nodiscard]] const std::string& path() const { return m_path; }

private:
    Follower(std::string path, std::string formatName, const ReadOptions& options)
        : m_path(std::move(path)), m_formatName(std::move(formatName)), m_options(options) {}

    [[nodiscard]] Result<Step> begin(const TaskContext& task);
    [[nodiscard]] Result<Step> beginAnew(Step why);

    std::string m_path;
    std::string m_formatName;
    ReadOptions m_options;
    std::unique_ptr<Input> m_input;  ///< null until the file has a first byte
    std::unique_ptr<GrowingSource> m_source;
    Fingerprint m_fingerprint;  ///< of what was read
    unsigned m_missed = 0;      ///< consecutive steps in which no file had its name
};

}  // namespace alloclens
