// SPDX-License-Identifier: GPL-3.0-or-later
//
// A source of bytes that importers can read at any place: a file as it lies on disk, or an unnamed temporary copy of
// what came through a pipe or out of a compressed file (gzip and zstd, recognised by their first bytes). The copy is
// deleted with the Input. Reading is by pread, so any number of threads may read at once.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/task.h"
#include "core/trace/source_text.h"

namespace alloclens {

class Input {
public:
    /// Opens `path`, or standard input for "-". Errors name the path and what to do: missing, a directory, not
    /// readable, empty, a compressed stream that holds nothing, no room for the temporary copy, cancelled.
    [[nodiscard]] static Result<Input> open(const std::string& path, const TaskContext& task);

    [[nodiscard]] const std::string& path() const { return m_path; }
    [[nodiscard]] std::uint64_t size() const { return m_size; }
    /// The compressed stream ended early; what came before is here.
    [[nodiscard]] bool isCutShort() const { return m_cutShort; }
    /// Bytes from `offset`; fewer than asked for mean the end. An error if the file is shorter than it was.
    [[nodiscard]] Result<std::size_t> readAt(std::uint64_t offset, char* buffer, std::size_t size) const;
    /// The first bytes, at most `size`; empty if they cannot be read.
    [[nodiscard]] std::string head(std::size_t size) const;
    /// Gives up the file, for the trace's source text.
    [[nodiscard]] FileHandle releaseFile() { return std::move(m_file); }

private:
    Input(std::string path, FileHandle file, std::uint64_t size, bool cutShort)
        : m_path(std::move(path)), m_file(std::move(file)), m_size(size), m_cutShort(cutShort) {}

    std::string m_path;
    FileHandle m_file;
    std::uint64_t m_size = 0;
    bool m_cutShort = false;
};

}  // namespace alloclens
