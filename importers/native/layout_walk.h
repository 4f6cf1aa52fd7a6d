// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds the blocks of a native trace from header to header, and goes on from there when the file has grown. What holds
// no block is passed over, up to the next one. Reads no payload. Used by one thread.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/result.h"
#include "importers/native/layout.h"
#include "importers/native/payload.h"

namespace alloclens::native {

/// Gets small pieces of a file without a call to the system for each.
class FileWindow {
public:
    FileWindow(const ReadBytes& read, std::uint64_t fileBytes) : m_read(read), m_fileBytes(fileBytes) {}

    /// The bytes from `offset`, `size` of them or as many as the file has; `size` is at most kBytes.
    [[nodiscard]] Result<std::string_view> at(std::uint64_t offset, std::size_t size);

    /// As many bytes from `offset` as are at hand, more than a header or all that the file has.
    [[nodiscard]] Result<std::string_view> stretchAt(std::uint64_t offset);

private:
    static constexpr std::size_t kBytes = std::size_t{1} << 20;
    static constexpr std::size_t kFewBytes = 4096;
    const ReadBytes& m_read;
    std::uint64_t m_fileBytes;
    std::uint64_t m_begin = 0;
    std::string m_bytes;
};

class LayoutWalk {
public:
    /// Begins behind the file's header, or behind the last block of a layout that is known.
    LayoutWalk() = default;
    explicit LayoutWalk(Layout known);

    /// Goes on to the last block that is complete in a file of `fileBytes`. What comes behind it is looked at again the
    /// next time: an incomplete block, and an index, which whoever appends to a finished file overwrites.
    [[nodiscard]] Result<void> goOn(const ReadBytes& read, std::uint64_t fileBytes);

    [[nodiscard]] Layout& layout() { return m_layout; }
    [[nodiscard]] const Layout& layout() const { return m_layout; }

private:
    [[nodiscard]] Result<void> readEnd(FileWindow& window, std::uint64_t at, std::uint64_t fileBytes, bool hasIndex);
    [[nodiscard]] Result<std::uint64_t> nextBlock(FileWindow& window, std::uint64_t from,
                                                  std::uint64_t fileBytes) const;

    Layout m_layout;
    std::uint64_t m_at = kFileHeaderBytes;  ///< behind the last block
    std::size_t m_damageBefore = 0;         ///< ranges that lie before it
    std::uint64_t m_searched = 0;           ///< no block begins between m_at and here
};

}  // namespace alloclens::native
