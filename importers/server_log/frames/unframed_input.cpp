// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/frames/unframed_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace alloclens::server_log {
namespace {

constexpr std::uint32_t kLinesPerMark = 256;
constexpr std::size_t kPiece = std::size_t{256} << 10;
constexpr std::size_t kLongestLine = std::size_t{1} << 20;  ///< a longer one is copied and not held

/// An unnamed file that is written from its beginning to its end.
class TemporaryText {
public:
    [[nodiscard]] Result<void> create() {
        const char* const folder = std::getenv("TMPDIR");
        m_folder = folder != nullptr && *folder != '\0' ? folder : "/tmp";
        std::string name = m_folder + "/alloclens-XXXXXX";
        m_file = FileHandle(::mkostemp(name.data(), O_CLOEXEC));
        if (!m_file.isOpen()) return failure();
        ::unlink(name.c_str());
        m_buffer.reserve(2 * kPiece);
        return {};
    }
    /// Only kept, until the next flush.
    void write(std::string_view bytes) { m_buffer += bytes; }
    [[nodiscard]] Result<void> flush(std::size_t least) {
        if (m_buffer.size() < least) return {};
        for (std::size_t done = 0; done < m_buffer.size();) {
            const ssize_t written = ::write(m_file.descriptor(), m_buffer.data() + done, m_buffer.size() - done);
            if (written < 0 && errno == EINTR) continue;
            if (written <= 0) return failure();
            done += static_cast<std::size_t>(written);
        }
        m_bytes += m_buffer.size();
        m_buffer.clear();
        return {};
    }
    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; }
    [[nodiscard]] FileHandle release() { return std::move(m_file); }

private:
    [[nodiscard]] Error failure() const {
        return {ErrorKind::Input, fmt::format("a temporary copy cannot be written: {}", std::strerror(errno)), m_folder,
                "Free some space there, or set TMPDIR to another folder."};
    }

    std::string m_folder;
    FileHandle m_file;
    std::string m_buffer;
    std::uint64_t m_bytes = 0;
};

}  // namespace

Result<UnframedInput> unframe(const Input& input, std::uint64_t end, const FramePlan& plan, const TaskContext& task) {
    TemporaryText text;
    if (auto created = text.create(); !created) return created.error();
    std::vector<SourceText::Mark> marks;
    LineJoiner joiner(plan.frame, plan.options, [&text](std::string_view line) {
        text.write(line);
        text.write("\n");
    });
    std::vector<char> buffer(kPiece);
    std::string carried;  // the beginning of a line whose end has not been read
    bool isLong = false;  // it is written as it is
    std::uint32_t lines = 0;
    std::uint64_t lineOffset = 0;
    const auto begin = [&] {
        if (lines % kLinesPerMark == 0) marks.push_back({lines + 1, lineOffset});
        ++lines;
    };
    const auto endLine = [&](std::string_view line) {
        if (isLong) {
            text.write(line);
            text.write("\n");
            isLong = false;
            return;
        }
        begin();
        joiner.add(line);
    };
    for (std::uint64_t at = 0; at < end;) {
        if (task.isCancelled()) return TaskContext::cancelled();
        const auto got = input.readAt(at, buffer.data(),
                                      static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, end - at)));
        if (!got) return got.error();
        if (*got == 0) break;
        at += *got;
        std::string_view rest(buffer.data(), *got);
        for (std::size_t newline = rest.find('\n'); newline != std::string_view::npos; newline = rest.find('\n')) {
            carried += rest.substr(0, newline);
            endLine(carried);
            carried.clear();
            rest.remove_prefix(newline + 1);
            lineOffset = at - rest.size();
        }
        carried += rest;
        if (carried.size() > kLongestLine) {
            if (!isLong) {
                begin();
                joiner.finish();
                if (carried.front() == kJoinedLine) carried.front() = ' ';
            }
            isLong = true;
            text.write(carried);
            carried.clear();
        }
        if (auto written = text.flush(kPiece); !written) return written.error();
        task.report("joining lines", input.fractionAt(at));
    }
    const bool hasEnd = carried.empty() && !isLong;
    if (!hasEnd) endLine(carried);
    joiner.finish();
    if (auto written = text.flush(0); !written) return written.error();
    // The last line keeps its lack of an end.
    const std::uint64_t bytes = text.bytes() - (hasEnd || text.bytes() == 0 ? 0 : 1);
    return UnframedInput{Input::ofFile(input.path(), text.release(), bytes), std::move(marks), joiner.counts()};
}

}  // namespace alloclens::server_log
