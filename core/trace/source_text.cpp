// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/source_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include "core/base/units.h"

namespace alloclens {

FileHandle::~FileHandle() {
    if (m_descriptor >= 0) ::close(m_descriptor);
}

Result<std::size_t> FileHandle::readAt(std::uint64_t offset, char* buffer, std::size_t size) const {
    std::size_t done = 0;
    while (done < size) {
        const auto got = ::pread(m_descriptor, buffer + done, size - done, static_cast<off_t>(offset + done));
        if (got == 0) break;
        if (got < 0) {
            if (errno == EINTR) continue;
            return Error{ErrorKind::Input, fmt::format("cannot be read: {}", std::strerror(errno)), {}, {}};
        }
        done += static_cast<std::size_t>(got);
    }
    return done;
}

Result<std::size_t> FileHandle::read(char* buffer, std::size_t size) const {
    while (true) {
        const auto got = ::read(m_descriptor, buffer, size);
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR)
            return Error{ErrorKind::Input, fmt::format("cannot be read: {}", std::strerror(errno)), {}, {}};
    }
}

FileHandle FileHandle::duplicate() const { return FileHandle(::fcntl(m_descriptor, F_DUPFD_CLOEXEC, 0)); }

namespace {

class FileBytes final : public TextBytes {
public:
    explicit FileBytes(FileHandle file) : m_file(std::move(file)) {}
    [[nodiscard]] Result<std::size_t> readAt(std::uint64_t offset, char* buffer, std::size_t size) const override {
        return m_file.readAt(offset, buffer, size);
    }

private:
    FileHandle m_file;
};

}  // namespace

std::unique_ptr<const TextBytes> fileText(FileHandle file) { return std::make_unique<FileBytes>(std::move(file)); }

SourceText::SourceText(std::string path, FileHandle file, std::uint64_t bytes, std::uint32_t lines,
                       std::vector<Mark> marks)
    : SourceText(std::move(path), fileText(std::move(file)), bytes, bytes, lines, std::move(marks)) {}

SourceText::SourceText(std::string path, std::unique_ptr<const TextBytes> text, std::uint64_t bytes,
                       std::uint64_t fileBytes, std::uint32_t lines, std::vector<Mark> marks)
    : m_path(std::move(path)),
      m_text(std::move(text)),
      m_bytes(bytes),
      m_fileBytes(fileBytes),
      m_lines(lines),
      m_marks(std::move(marks)),
      m_files(m_text->files()) {
    numberFiles();
}

// A file begins in the line after those that end before it.
void SourceText::numberFiles() {
    for (std::size_t i = 0; i < m_files.size(); ++i) m_files[i].firstLine = linesBefore(m_files[i].begin) + 1;
    for (std::size_t i = 0; i < m_files.size(); ++i) {
        const std::uint32_t end = i + 1 < m_files.size() ? m_files[i + 1].firstLine : m_lines + 1;
        m_files[i].lines = end - std::min(end, m_files[i].firstLine);
    }
}

// A line that begins before `offset` counts, also one that goes on there. None of a file that cannot be read.
std::uint32_t SourceText::linesBefore(std::uint64_t offset) const {
    auto mark = std::upper_bound(m_marks.begin(), m_marks.end(), offset,
                                 [](std::uint64_t at, const Mark& m) { return at < m.offset; });
    if (mark == m_marks.begin()) return 0;
    --mark;
    std::uint32_t lines = mark->line - 1;
    std::vector<char> buffer(std::size_t{32} << 10);
    bool isInLine = false;
    for (std::uint64_t at = mark->offset; at < offset;) {
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), offset - at));
        if (!readBytes(at, buffer.data(), size)) return 0;
        lines += static_cast<std::uint32_t>(std::count(buffer.data(), buffer.data() + size, '\n'));
        isInLine = buffer[size - 1] != '\n';
        at += size;
    }
    return lines + (isInLine ? 1 : 0);
}

std::string SourceText::placeInFile(std::uint32_t line) const {
    const auto next = std::upper_bound(m_files.begin(), m_files.end(), line,
                                       [](std::uint32_t wanted, const SourceFile& f) { return wanted < f.firstLine; });
    if (next == m_files.begin()) return {};
    const SourceFile& file = *(next - 1);
    return fmt::format("{}:{}", file.path, line - file.firstLine + 1);
}

Result<void> SourceText::readBytes(std::uint64_t offset, char* buffer, std::size_t size) const {
    const auto got = m_text->readAt(offset, buffer, size);
    if (!got) return Error{ErrorKind::Input, got.error().what, m_path, "Open the file again."};
    if (*got < size) {
        return Error{ErrorKind::Input, "is shorter now than when it was opened", m_path,
                     "It was truncated or replaced: open it again."};
    }
    return {};
}

Result<std::string> SourceText::lineText(std::uint32_t line) const {
    auto texts = linesText(line, 1);
    if (!texts) return texts.error();
    if (texts->empty()) {
        return Error{ErrorKind::Usage, fmt::format("has no line {}", formatCount(line)), m_path,
                     fmt::format("It has {}.", formatQuantity(m_lines, "line"))};
    }
    return std::move(texts->front());
}

Result<std::vector<std::string>> SourceText::linesText(std::uint32_t first, std::uint32_t count) const {
    std::vector<std::string> texts;
    if (first == 0 || first > m_lines) return texts;
    count = std::min(count, m_lines - first + 1);
    auto mark = std::upper_bound(m_marks.begin(), m_marks.end(), first,
                                 [](std::uint32_t line, const Mark& m) { return line < m.line; });
    if (mark != m_marks.begin()) --mark;
    for (; mark != m_marks.end() && texts.size() < count; ++mark) {
        const auto next = mark + 1;
        const bool isLast = next == m_marks.end();
        const std::uint64_t endLine = std::min(std::uint64_t{first} + count,
                                               isLast ? std::uint64_t{m_lines} + 1 : next->line);
        if (endLine <= first) continue;
        if (auto read = addLines(*mark, isLast ? m_bytes : next->offset, endLine, first, texts); !read)
            return read.error();
        texts.resize(static_cast<std::size_t>(endLine - first));
    }
    texts.resize(count);
    return texts;
}

// Of the block of lines whose bytes end at `end`: its lines [first, endLine), as far as it has them.
Result<void> SourceText::addLines(const Mark& block, std::uint64_t end, std::uint64_t endLine, std::uint32_t first,
                                  std::vector<std::string>& texts) const {
    constexpr std::uint64_t kPiece = 32 * 1024;  // a little more than a block of lines
    std::vector<char> buffer(static_cast<std::size_t>(std::min(kPiece, end - std::min(end, block.offset))));
    std::uint64_t line = block.line;
    std::string text;
    std::uint64_t hidden = 0;  // bytes of the line beyond what is shown
    const auto finishLine = [&] {
        if (line >= first) {
            if (!text.empty() && text.back() == '\r') text.pop_back();
            if (m_text->isPadded()) text.erase(text.find_last_not_of(' ') + 1);
            if (hidden > 0) text += fmt::format(" ... ({} more bytes)", formatCount(hidden));
            texts.push_back(std::move(text));
        }
        text.clear();
        hidden = 0;
        ++line;
    };
    bool isInLine = false;
    for (std::uint64_t offset = block.offset; offset < end && line < endLine;) {
        const auto size = static_cast<std::size_t>(std::min(kPiece, end - offset));
        if (auto read = readBytes(offset, buffer.data(), size); !read) return read;
        offset += size;
        std::string_view piece(buffer.data(), size);
        while (!piece.empty() && line < endLine) {
            const std::size_t length = std::min(piece.find('\n'), piece.size());
            isInLine = length == piece.size();
            if (line >= first) {
                const std::size_t shown = std::min(length, kShownLineBytes - std::min(text.size(), kShownLineBytes));
                text.append(piece.substr(0, shown));
                hidden += length - shown;
            }
            if (!isInLine) finishLine();
            piece.remove_prefix(std::min(length + 1, piece.size()));
        }
    }
    if (isInLine && line < endLine) finishLine();  // a last line without its end
    return {};
}

}  // namespace alloclens
