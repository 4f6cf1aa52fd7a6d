// SPDX-License-Identifier: GPL-3.0-or-later
//
// The source as lines of text, read from disk when they are shown. The file stays where it is: one byte offset is
// kept for every block of lines. What is no text itself, such as a capture of messages, is shown as lines made of it.
// Reading uses pread, so a file that shrinks while it is open gives an error and not a signal, and any number of
// threads may read at once. The object owns its file descriptor.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace alloclens {

/// A readable file descriptor, closed with its owner.
class FileHandle {
public:
    FileHandle() = default;
    explicit FileHandle(int descriptor) : m_descriptor(descriptor) {}
    FileHandle(FileHandle&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}
    FileHandle& operator=(FileHandle&& other) noexcept {
        std::swap(m_descriptor, other.m_descriptor);
        return *this;
    }
    FileHandle(const FileHandle&) = delete;
    FileHandle& operator=(const FileHandle&) = delete;
    ~FileHandle();

    [[nodiscard]] bool isOpen() const { return m_descriptor >= 0; }
    [[nodiscard]] int descriptor() const { return m_descriptor; }
    /// Fills `buffer` from `offset`; fewer bytes than asked for mean the end of the file. Errors name errno's text.
    [[nodiscard]] Result<std::size_t> readAt(std::uint64_t offset, char* buffer, std::size_t size) const;
    /// The next bytes, as many as there are now, from where the descriptor stands; 0 at the end.
    [[nodiscard]] Result<std::size_t> read(char* buffer, std::size_t size) const;
    /// Another descriptor of the same file; not open where the system has none left.
    [[nodiscard]] FileHandle duplicate() const;

private:
    int m_descriptor = -1;
};

/// One of the files that a text is put together from.
struct SourceFile {
    std::string path;
    std::uint64_t begin = 0;      ///< where its bytes begin in the text
    std::uint32_t firstLine = 0;  ///< line of the text in which it begins, or the next where that is another file's too
    std::uint32_t lines = 0;
};

/// What the text of a source is read from, by its place in the whole text: a file as it is, or a format that makes
/// lines of its records when they are asked for. Any number of threads may read at once.
class TextBytes {
public:
    TextBytes() = default;
    TextBytes(const TextBytes&) = delete;
    TextBytes& operator=(const TextBytes&) = delete;
    virtual ~TextBytes() = default;
    /// Fills `buffer` from `offset`; fewer bytes than asked for mean the end.
    [[nodiscard]] virtual Result<std::size_t> readAt(std::uint64_t offset, char* buffer, std::size_t size) const = 0;
    /// Lines are filled up with blanks to one length, so that their places need not be kept.
    [[nodiscard]] virtual bool isPadded() const { return false; }
    /// The files that it is put together from, with their paths and beginnings; none where it is one.
    [[nodiscard]] virtual std::vector<SourceFile> files() const { return {}; }
};

/// A file as it is.
[[nodiscard]] std::unique_ptr<const TextBytes> fileText(FileHandle file);

class SourceText {
public:
    /// Where a block of lines begins. Entries are sorted; the first is line 1 at offset 0.
    struct Mark {
        std::uint32_t line;
        std::uint64_t offset;
    };

    /// `path` names the source in messages; `file` may be a decompressed copy of it. `bytes` and `lines` are what was
    /// read when the trace was made.
    SourceText(std::string path, FileHandle file, std::uint64_t bytes, std::uint32_t lines, std::vector<Mark> marks);
    /// The same for text that is made of a file; `bytes` counts those of the text, `fileBytes` those of the file.
    SourceText(std::string path, std::unique_ptr<const TextBytes> text, std::uint64_t bytes, std::uint64_t fileBytes,
               std::uint32_t lines, std::vector<Mark> marks);

    [[nodiscard]] const std::string& path() const { return m_path; }
    /// Of the text.
    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; }
    /// Of the file that was read, unpacked where it is compressed: what is said of its size.
    [[nodiscard]] std::uint64_t fileBytes() const { return m_fileBytes; }
    [[nodiscard]] std::uint32_t lines() const { return m_lines; }

    /// The files that the text is put together from, in their order; empty where it is one file.
    [[nodiscard]] const std::vector<SourceFile>& files() const { return m_files; }
    /// "a.log.1:57" for a line of a text of several files, empty for one of one.
    [[nodiscard]] std::string placeInFile(std::uint32_t line) const;

    /// Its lines are filled up with blanks, which are not shown.
    [[nodiscard]] bool isPadded() const { return m_text->isPadded(); }

    /// A longer line is shown up to here, with a note of how much is left out.
    static constexpr std::size_t kShownLineBytes = 16 * 1024;

    /// Where its blocks of lines begin.
    [[nodiscard]] const std::vector<Mark>& marks() const { return m_marks; }
    /// Fills `buffer` with the bytes from `offset`, which lie within bytes(). Errors as lineText.
    [[nodiscard]] Result<void> readBytes(std::uint64_t offset, char* buffer, std::size_t size) const;

    /// The verbatim text of a 1-based line without its end. Errors: the file is gone or shorter than it was.
    [[nodiscard]] Result<std::string> lineText(std::uint32_t line) const;
    /// The texts of lines [first, first + count), clipped to the file; cheap for neighbouring lines. A line that a
    /// damaged trace counts and has no text of is empty.
    [[nodiscard]] Result<std::vector<std::string>> linesText(std::uint32_t first, std::uint32_t count) const;

private:
    void numberFiles();
    [[nodiscard]] std::uint32_t linesBefore(std::uint64_t offset) const;
    [[nodiscard]] Result<void> addLines(const Mark& block, std::uint64_t end, std::uint64_t endLine,
                                        std::uint32_t first, std::vector<std::string>& texts) const;

    std::string m_path;
    std::unique_ptr<const TextBytes> m_text;
    std::uint64_t m_bytes = 0;
    std::uint64_t m_fileBytes = 0;
    std::uint32_t m_lines = 0;
    std::vector<Mark> m_marks;
    std::vector<SourceFile> m_files;
};

}  // namespace alloclens
