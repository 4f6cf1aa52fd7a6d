// SPDX-License-Identifier: GPL-3.0-or-later
//
// The file of one part of a recording. It is made under a name of its own and takes the one it is to have only when its
// beginning is written, so that neither a failure nor a sudden death leaves an empty trace or costs the user the one
// that was there. A device or pipe is written to as it is. Used by one thread.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/trace/source_text.h"

namespace alloclens::record {

class PartFile {
public:
    /// Makes it. A file that is there is an error unless it is to be replaced; nothing happens to it yet.
    [[nodiscard]] static Result<PartFile> create(const std::string& path, bool replaces);
    PartFile(PartFile&& other) noexcept;
    PartFile& operator=(PartFile&& other) = delete;
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;
    /// Removes the file unless it has taken its name.
    ~PartFile();

    /// The open file, once.
    [[nodiscard]] FileHandle takeHandle() { return std::move(m_file); }
    [[nodiscard]] Result<void> takeName();

    /// "run.alens", "run.2.alens", ...
    [[nodiscard]] static std::string pathOf(const std::string& path, unsigned part);
    /// Whether a recording may be made there: neither the file nor, where it is to have parts, another part is there.
    [[nodiscard]] static Result<void> check(const std::string& path, bool hasParts);

private:
    PartFile(FileHandle file, std::string path, std::string temporary, bool replaces);

    FileHandle m_file;
    std::string m_path;
    std::string m_temporary;  ///< empty: there is nothing to remove
    bool m_replaces;
};

}  // namespace alloclens::record
