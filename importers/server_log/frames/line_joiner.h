// SPDX-License-Identifier: GPL-3.0-or-later
//
// Restores the server's text from the lines of a framed log, and keeps the number of lines. It removes tags, also in
// the middle of a line, and joins the pieces of a line where the line begins. A line whose text went to an earlier one
// becomes a mark with its class. Each tag's pieces are joined separately. Used by one thread. Memory is bounded: a line
// that stays open too long is written as it is.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "importers/server_log/frames/line_frame.h"
#include "importers/server_log/frames/sentence.h"
#include "importers/server_log/frames/stream_owners.h"
#include "importers/server_log/line_class.h"

namespace alloclens::server_log {

/// A line that begins with this byte stands for one whose text was joined to another; its class follows.
inline constexpr char kJoinedLine = '\x01';
[[nodiscard]] char markOf(LineClass lineClass);
[[nodiscard]] LineClass classOfMark(std::string_view line);

struct JoinOptions {
    std::size_t wrapWidth = 0;       ///< a terminal wrapped lines after so many columns; 0: none did
    std::size_t truncatedWidth = 0;  ///< lines were cut after so many columns and the rest is gone
    std::size_t truncatedBytes = 0;  ///< or after so many bytes
    std::string stream;              ///< only lines with this tag, or with this word in it; empty: all
};

/// What a joiner did, and what it saw of streams.
struct JoinCounts {
    std::uint64_t joined = 0;                       ///< pieces that were appended to others
    std::uint64_t marked = 0;                       ///< of them those that said so themselves
    std::uint64_t tagsRemoved = 0;                  ///< from the middle of lines
    std::uint64_t leftOpen = 0;                     ///< texts that stop within a sentence, and nothing continued them
    std::uint64_t repeats = 0;                      ///< lines that only said that another was repeated
    std::uint64_t switches = 0;                     ///< an event had another tag than the one before
    bool isOneServer = false;                       ///< whatever the tags are
    std::uint64_t taken = 0;                        ///< lines of the wanted stream
    std::map<std::string, std::uint64_t> eventsOf;  ///< lines with events by tag
    std::map<std::string, std::uint64_t> linesOf;   ///< lines that were not wanted, of a few tags
    std::unordered_map<std::size_t, std::uint64_t> widths;     ///< columns of texts that were continued
    std::unordered_map<std::size_t, std::uint64_t> cutWidths;  ///< and of those that were not
    std::unordered_map<std::size_t, std::uint64_t> cutBytes;   ///< and their bytes
    std::size_t widest = 0;                                    ///< columns of the widest text
    std::size_t longest = 0;                                   ///< and its bytes
};

class LineJoiner {
public:
    using Sink = std::function<void(std::string_view line)>;  ///< without its end

    LineJoiner(const LineFrame& frame, JoinOptions options, Sink sink)
        : m_frame(frame), m_options(std::move(options)), m_sink(std::move(sink)) {}

    /// The next physical line, without its end.
    void add(std::string_view line);
    /// No line is left.
    void finish();
    [[nodiscard]] const JoinCounts& counts() const { return m_counts; }

private:
    /// A physical line that is not written yet.
    struct Slot {
        std::string text;
        bool hasText = false;
        char mark = 0;
        std::uint32_t open = 0;  ///< so many pending texts need it
    };
    /// A text whose end has not come.
    struct Pending {
        std::string text;
        std::uint64_t first = 0;
        std::uint64_t last = 0;
        std::vector<std::uint64_t> others;
        bool isOpen = false;  ///< its last piece says so
    };

    [[nodiscard]] bool isWanted(const std::string& stream) const;
    void splitAtTags(FramedPiece piece, std::vector<FramedPiece>& pieces);
    void removeTags(FramedPiece& piece, const std::string& pending);
    void take(FramedPiece piece, std::uint64_t index);
    [[nodiscard]] bool append(Pending& pending, const FramedPiece& piece, std::uint64_t index);
    [[nodiscard]] bool joins(std::string_view text, std::string_view next, std::string& joined) const;
    [[nodiscard]] bool staysOpen(std::string_view text) const;
    void repeat(std::string_view count, const std::string& stream, std::uint64_t index);
    void flush(const std::string& stream, Pending& pending);
    void letGoOld();
    void emit(std::uint64_t index, std::string_view text, const std::string& stream);
    void countEvents(std::string_view text, const std::string& stream);
    void drain();
    [[nodiscard]] Slot& slot(std::uint64_t index) { return m_slots[static_cast<std::size_t>(index - m_written)]; }

    const LineFrame& m_frame;
    JoinOptions m_options;
    Sink m_sink;
    JoinCounts m_counts;
    std::deque<Slot> m_slots;
    std::uint64_t m_written = 0;  ///< lines that were given to the sink
    std::map<std::string, Pending> m_pending;
    std::map<std::string, std::string> m_lastTexts;  ///< by stream, for lines that repeat them
    std::string m_lastText;
    std::string m_lastEventStream;
    StreamOwners m_owners;
    std::string m_plain;
};

}  // namespace alloclens::server_log
