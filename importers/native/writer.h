// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes a native trace (docs/formats/alens.md), block by block. A block is encoded, compressed and given to the system
// in one piece, so a program that dies at any moment leaves a file that opens up to its last complete block. Owned and
// used by one thread. Without finish() the file has no index; it opens all the same, with a note.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "importers/native/block.h"

namespace alloclens::native {

class Writer {
public:
    /// Of zstd: higher ones cost much and bring little.
    static constexpr int kLevel = 3;
    static constexpr int kLowestLevel = 1;
    static constexpr int kHighestLevel = 19;

    /// Makes the file and writes its header and description. An existing file is an error unless `replace`, which takes
    /// its name from it: who has the old one open goes on reading it. Errors name the path.
    [[nodiscard]] static Result<Writer> create(const std::string& path, const Description& description, bool replace,
                                               int level = kLevel);
    /// The same into what is open; `path` names it in messages. Only a regular file that is empty is ever cut, as after
    /// a block that did not fit.
    [[nodiscard]] static Result<Writer> create(FileHandle file, const std::string& path, const Description& description,
                                               int level = kLevel);
    /// Goes on behind the last complete block of a file; what comes behind that is cut off.
    [[nodiscard]] static Result<Writer> append(const std::string& path, int level = kLevel);

    Writer(Writer&& other) noexcept;
    Writer& operator=(Writer&& other) noexcept;
    /// Closes the file as it is.
    ~Writer();

    /// Writes a stretch. After an error the file is as it was before, and later blocks may be tried; `block` has at
    /// most kMostEvents events and kMostLines lines, and where it has text, as many lines as that.
    [[nodiscard]] Result<void> write(const Block& block);
    /// Text of the block that comes next, before its own: for lines that are too long to hold.
    [[nodiscard]] Result<void> addText(std::string_view text);
    /// A note: the text of a JSON object.
    [[nodiscard]] Result<void> note(std::string_view json);
    /// From here on only the end is written: what is small goes into the room that was kept for it and the index.
    void useKeptRoom();
    /// Writes index and trailer and waits until everything is on the disk. Room for them is kept while blocks are
    /// written, so that this succeeds on a full disk where the file system can do that. Nothing is written afterwards.
    [[nodiscard]] Result<void> finish();

    /// Of the file so far.
    [[nodiscard]] std::uint64_t bytes() const;
    /// Events so far.
    [[nodiscard]] std::uint64_t events() const;

private:
    struct State;
    explicit Writer(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

}  // namespace alloclens::native
