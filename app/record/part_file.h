// SPDX-License-Identifier: GPL-3.0-or-later
//
// The file of one part of a recording. It takes its final name only when its beginning is written. So neither a failure
// nor a crash leaves an empty trace, or destroys the file that was there. Devices and pipes are written to directly.
// Used by one thread.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/trace/source_text.h"

namespace alloclens::record {

class PartFile {
public:
    /// Creates the temporary file. Errors: `path` exists and `replaces` is false; it cannot be written there. An
    /// existing file stays unchanged for now.
    [[nodiscard]] static Result<PartFile> create(const std::string& path, bool replaces);
    PartFile(PartFile&& other) noexcept;
    PartFile& operator=(PartFile&& other) = delete;
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;
    /// Removes the file unless takeName() succeeded.
    ~PartFile();

    /// The open file. Call it once.
    [[nodiscard]] FileHandle takeHandle() { return std::move(m_file); }
    /// Gives the file its final name. Errors: as create().
    [[nodiscard]] Result<void> takeName();

    /// "run.alens", 1 -> "run.alens"; 2 -> "run.2.alens".
    [[nodiscard]] static std::string pathOf(const std::string& path, unsigned part);
    /// Errors: the file is there already, or with `hasParts` a later part.
    [[nodiscard]] static Result<void> check(const std::string& path, bool hasParts);

private:
    PartFile(FileHandle file, std::string path, std::string temporary, bool replaces);

    FileHandle m_file;
    std::string m_path;
    std::string m_temporary;  ///< empty: nothing to remove
    bool m_replaces;
};

}  // namespace alloclens::record
