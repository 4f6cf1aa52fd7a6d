// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads a file that another program is still writing, again and again: each step takes what has come. Notices when
// the file is truncated, overwritten or deleted, or another one takes its name (a log that is rotated), and begins anew
// with what is there then. Used by one thread; whoever owns it decides when to look and when to make a trace of what
// there is.
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
    /// A file that is empty yet is waited for. Errors: it is missing, not a plain file, or compressed.
    [[nodiscard]] static Result<Follower> open(std::string path, std::string formatName, const ReadOptions& options,
                                               const TaskContext& task);

    enum class Step {
        Nothing,    ///< nothing new
        Grown,      ///< something was read
        Truncated,  ///< the file was cut: what was read of it is forgotten, its beginning comes next
        Rewritten,  ///< what was read of it is not what stands there now: as Truncated
        Replaced,   ///< another file has its name: what was read is forgotten, that file comes next
        Removed,    ///< no file has had its name for some steps: what was read stays, said once
    };
    /// Reads what has come since, some 32 MiB at most. Errors: the file is of no known format, or of one that cannot be
    /// followed; reading failed.
    [[nodiscard]] Result<Step> advance(const TaskContext& task);

    /// The trace of what was read; `isEnd` as for GrowingSource. An error where nothing has been read.
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
    unsigned m_missed = 0;      ///< steps in a row in which no file had its name
};

}  // namespace alloclens
