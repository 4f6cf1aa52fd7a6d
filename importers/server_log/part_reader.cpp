// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/part_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "core/base/units.h"
#include "core/base/utf8.h"
#include "importers/server_log/fact_line.h"
#include "importers/server_log/frames/line_joiner.h"
#include "importers/server_log/frames/sentence.h"
#include "importers/server_log/line_class.h"
#include "importers/server_log/plain_text.h"
#include "importers/server_log/text_break.h"

namespace alloclens::server_log {
namespace {

constexpr std::uint32_t kLinesPerMark = 256;
constexpr std::size_t kReadAhead = std::size_t{64} << 10;

bool isDigit(char c) { return c >= '0' && c <= '9'; }

bool contains(std::string_view text, char wanted) { return text.find(wanted) != std::string_view::npos; }

/// The length of the symbol that the server puts before an event, with its blank: ✓, ✗ or ⚠. 0 for other text.
std::size_t symbolLength(std::string_view text) {
    constexpr std::size_t kLength = 4;
    const std::string_view head = text.substr(0, kLength);
    return head == "\u2713 " || head == "\u2717 " || head == "\u26a0 " ? kLength : 0;
}

class PartReader {
public:
    PartReader(const Input& input, const Limits& limits, ReadBuffers& buffers, Part& part)
        : m_input(input), m_limits(limits), m_buffer(buffers.bytes), m_plain(buffers.plain), m_part(part) {}

    [[nodiscard]] Result<void> read(std::uint64_t begin, std::uint64_t end) {
        // One byte before the stretch tells whether a line begins with it.
        m_next = begin == 0 ? 0 : begin - 1;
        m_end = end;
        if (begin > 0) {
            const auto found = skipLine();
            if (!found) return found.error();
            if (!*found) return {};  // the middle of a long line
        }
        while (true) {
            if (m_rest.empty()) {
                const auto more = readOn();
                if (!more) return more.error();
                if (!*more) return {};
            }
            startLine(m_next - m_rest.size());
            if (const std::size_t length = readPlainEvent(m_rest); length > 0) {
                m_rest.remove_prefix(length);
                continue;
            }
            std::size_t newline = m_rest.find('\n');
            while (newline == std::string_view::npos) {
                const std::size_t searched = m_rest.size();
                const auto more = readOn();
                if (!more) return more.error();
                if (!*more) return readLastLine(m_rest, end);
                newline = m_rest.find('\n', searched);
            }
            readLine(m_rest.substr(0, newline));
            m_rest.remove_prefix(newline + 1);
        }
    }

private:
    /// Puts the next piece of the stretch behind the rest of the one before. False where the stretch or the input ends.
    [[nodiscard]] Result<bool> readOn() {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(m_limits.pieceBytes, m_end - m_next));
        if (wanted == 0) return false;
        const std::size_t held = m_rest.size();
        if (m_buffer.size() < held + wanted) {
            std::vector<char> larger(held + std::max(wanted, 2 * held));
            std::copy(m_rest.begin(), m_rest.end(), larger.begin());
            m_buffer = std::move(larger);
        } else if (held > 0) {
            std::memmove(m_buffer.data(), m_rest.data(), held);
        }
        m_rest = std::string_view(m_buffer.data(), held);
        const auto got = m_input.readAt(m_next, m_buffer.data() + held, wanted);
        if (!got) return got.error();
        m_next += *got;
        m_rest = std::string_view(m_buffer.data(), held + *got);
        return *got > 0;
    }

    /// Passes over the rest of a line; false where its end is not in the stretch.
    [[nodiscard]] Result<bool> skipLine() {
        while (true) {
            const auto more = readOn();
            if (!more || !*more) return more;
            const std::size_t newline = m_rest.find('\n');
            m_rest.remove_prefix(std::min(newline, m_rest.size() - 1) + 1);
            if (newline != std::string_view::npos) return true;
        }
    }

    void startLine(std::uint64_t offset) {
        if (m_part.trace.lines % kLinesPerMark == 0) m_part.trace.marks.push_back({m_part.trace.lines, offset});
        ++m_part.trace.lines;
        m_lineOffset = offset;
        m_isWhole = true;
        m_eventsOfLine = 0;
    }

    // Nearly every line is one event and nothing else. Its grammar leaves no room for anything that the other way looks
    // for, so such a line is passed over once, without looking for its end first. Gives its length with its end, or 0.
    [[nodiscard]] std::size_t readPlainEvent(std::string_view rest) {
        const std::size_t head = symbolLength(rest);
        EventMatch match;
        if (!rest.substr(head).starts_with(kProcessHead) || matchEvent(rest, head, match) != Match::Event) return 0;
        if (match.event.key.device == kNoDevice) return 0;
        std::size_t end = match.end;
        if (end < rest.size() && rest[end] == '\r') ++end;
        if (end >= rest.size() || rest[end] != '\n' || end > m_limits.wholeLineBytes) return 0;
        addEvent(match, {});
        classify(LineClass::Event);
        return end + 1;
    }

    // The stretch's last line, whose end lies behind the stretch or nowhere.
    [[nodiscard]] Result<void> readLastLine(std::string_view held, std::uint64_t next) {
        std::string line(held);
        std::uint64_t length = held.size();
        std::vector<char> piece(kReadAhead);
        bool hasEnd = false;
        bool isLong = false;
        LineClass lineClass = LineClass::Foreign;
        while (!hasEnd) {
            const auto got = m_input.readAt(next, piece.data(), piece.size());
            if (!got) return got.error();
            if (*got == 0) break;
            std::string_view bytes(piece.data(), *got);
            const std::size_t newline = bytes.find('\n');
            hasEnd = newline != std::string_view::npos;
            bytes = bytes.substr(0, newline);
            length += bytes.size();
            next += bytes.size();
            line += bytes;
            if (line.size() > m_limits.wholeLineBytes) {
                isLong = true;
                m_isWhole = false;
                std::string_view rest = line;
                lineClass = std::min(lineClass, readPieces(rest));
                line.erase(0, line.size() - rest.size());
            }
        }
        if (!hasEnd) diagnose(DiagnosticCode::UnfinishedLine, {});
        m_isUnfinished = !hasEnd;
        if (!isLong) {
            readLine(line);
        } else {
            endLongLine(std::min(lineClass, readText(line)), length);
        }
        m_isUnfinished = false;
        return {};
    }

    void readLine(std::string_view line) {
        if (m_limits.isUnframed && line.size() == 2 && line[0] == kJoinedLine) return classify(classOfMark(line));
        if (line.size() > m_limits.wholeLineBytes) {
            m_isWhole = false;
            const std::size_t length = line.size();
            const LineClass lineClass = readPieces(line);
            return endLongLine(std::min(lineClass, readText(line)), length);
        }
        const LineClass lineClass = readText(line);
        std::vector<DamagedLine>& lines = m_part.damage.lines;
        for (auto it = lines.rbegin(); it != lines.rend() && it->line == m_part.trace.lines; ++it)
            it->lineClass = lineClass;
        classify(lineClass);
    }

    // Reads of a line that is too long to be read as a whole what can be cut off, and leaves the rest.
    [[nodiscard]] LineClass readPieces(std::string_view& rest) {
        LineClass lineClass = LineClass::Foreign;
        while (rest.size() > m_limits.wholeLineBytes) {
            const std::size_t cut = safeCut(rest.substr(0, m_limits.wholeLineBytes));
            lineClass = std::min(lineClass, readText(rest.substr(0, cut)));
            rest.remove_prefix(cut);
        }
        return lineClass;
    }

    void endLongLine(LineClass lineClass, std::uint64_t length) {
        diagnose(DiagnosticCode::OverlongLine, fmt::format("{} bytes; it was read in pieces", formatCount(length)));
        classify(lineClass);
    }

    void classify(LineClass lineClass) {
        LineCounts& counts = m_part.trace.lineCounts;
        switch (lineClass) {
        case LineClass::Event: ++counts.events; break;
        case LineClass::Damaged: ++counts.damaged; break;
        case LineClass::Fact: ++counts.facts; break;
        case LineClass::Foreign: ++counts.foreign; break;
        }
    }

    [[nodiscard]] LineClass readText(std::string_view text) {
        // Of nearly every line no byte is anything but itself.
        if (plainEnd(text, 0) == text.size() && !looksLikeList(text)) return readSegment(text);
        const bool hasNul = contains(text, '\0');
        if (hasNul && m_nulLine != m_part.trace.lines) {  // once a line, of a long one only its head is counted
            m_nulLine = m_part.trace.lines;
            const auto nulBytes = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\0'))
                                  + m_input.leftOut(m_lineOffset, m_lineOffset + text.size());
            diagnose(DiagnosticCode::NulBytes, formatQuantity(nulBytes, "NUL byte"));
        }
        if (holdsControls(text)) {
            copyPlain(text, m_plain);
            text = m_plain;
        }
        if (!isUtf8(text)) diagnose(DiagnosticCode::InvalidUtf8, {});
        // What stood on lines of its own may have become one line.
        LineClass lineClass = LineClass::Foreign;
        const bool isList = looksLikeList(text);
        TextBreak next = nextBreak(text, 0, isList);
        m_isSegment = next.length > 0;
        while (next.length > 0) {
            lineClass = std::min(lineClass, readSegment(text.substr(0, next.at)));
            text.remove_prefix(next.at + next.length);
            next = nextBreak(text, 0, isList);
        }
        lineClass = std::min(lineClass, readSegment(text));
        m_isSegment = false;
        return lineClass;
    }

    [[nodiscard]] LineClass readSegment(std::string_view text) {
        std::size_t events = 0;
        std::size_t read = 0;  // so far, events with what stands between them
        bool isDamaged = false;
        for (std::size_t at = nextHead(text, 0); at != std::string_view::npos;) {
            EventMatch match;
            std::size_t next = at + 1;
            Match found = matchEvent(text, at, match);
            // The file ends within the number, for all that is known.
            if (found == Match::Event && m_isUnfinished && match.end == text.size() && isDigit(text.back()))
                found = Match::Torn;
            switch (found) {
            case Match::Event:
                readBetween(text.substr(read, at - read));
                ++m_eventsOfLine;
                addEvent(match, text);
                if (match.event.kind == EventKind::RefusedFree && match.event.key.device == kNoDevice && m_isWhole)
                    m_part.damage.lines.push_back({m_lineOffset, m_part.trace.lines, DiagnosticCode::MissingDevice});
                if (match.isCut || (match.end == text.size() && isDigit(text.back()))) ++m_part.damage.hints;
                repeat(match, text.substr(0, at));
                ++events;
                next = match.end;
                read = match.end;
                break;
            case Match::Other: break;
            case Match::Torn:
                if (!isDamaged) damaged(DiagnosticCode::TornLine, text);
                isDamaged = true;
                break;
            case Match::OutOfRange:
                if (!isDamaged) damaged(DiagnosticCode::NumberOutOfRange, text);
                isDamaged = true;
                break;
            case Match::NoAddress:
                if (!isDamaged) damaged(DiagnosticCode::NoAddress, text);
                isDamaged = true;
                break;
            }
            at = nextHead(text, next);
        }
        if (events > 1) diagnose(DiagnosticCode::JoinedEvents, fmt::format("{} events", events));
        if (events > 0) {
            readBetween(text.substr(read));
            return LineClass::Event;
        }
        return isDamaged ? LineClass::Damaged : readFacts(text);
    }

    // Another sentence before, between or behind events, where a line end was lost.
    void readBetween(std::string_view text) {
        constexpr std::size_t kShortest = 14;  // a shorter one is as likely a comment
        if (text.size() < kShortest) return;
        const SentenceMatch match = matchWholeSentence(text);
        if (match.isWhole && match.end >= match.begin + kShortest) (void)readFacts(text);
    }

    // A sentence, and those that follow it without a line end.
    [[nodiscard]] LineClass readFacts(std::string_view text) {
        LineClass lineClass = LineClass::Foreign;
        for (SentenceMatch match = matchWholeSentence(text); match.isWhole && match.end < text.size();) {
            const std::string_view rest = text.substr(match.end);
            const SentenceMatch behind = matchWholeSentence(rest);
            if (!behind.isWhole) break;
            lineClass = std::min(lineClass, readOther(text.substr(0, match.end)));
            text = rest;
            match = behind;
        }
        return std::min(lineClass, readOther(text));
    }

    [[nodiscard]] LineClass readOther(std::string_view text) {
        if (text.find_first_not_of(" \t\r") == std::string_view::npos) {  // only counted: logs have many
            learn(text);
            return LineClass::Fact;
        }
        if (auto found = matchFact(text)) {
            found->line = m_part.trace.lines;
            addFact(*found);
            const bool canTear = found->kind == FactKind::InvalidMessage || found->kind == FactKind::Banner
                                 || found->kind == FactKind::LinesMissing;
            if (canTear) learn(text);
            return LineClass::Fact;
        }
        if (!looksLikeTornEvent(text)) {
            if (saysRepeated(text)) ++m_part.damage.hints;
            learn(text);
            return LineClass::Foreign;
        }
        damaged(DiagnosticCode::TornLine, text);
        return LineClass::Damaged;
    }

    // "message repeated 4 times: [ ✓ [PID ...]" stands for four. The number is only as good as the line.
    void repeat(const EventMatch& match, std::string_view before) {
        constexpr std::uint64_t kMostOfALine = 10'000;
        constexpr std::uint64_t kMostOfAPart = 100 * kMostOfALine;
        const std::uint64_t times = repeatsBefore(before);
        if (times <= 1) return;
        const std::uint64_t more = std::min({times - 1, kMostOfALine, kMostOfAPart - m_repeated});
        for (std::uint64_t i = 0; i < more; ++i) m_part.trace.add(match.event);
        m_eventsOfLine += static_cast<std::uint32_t>(more);
        m_repeated += more;
        if (more + 1 < times) {
            diagnose(DiagnosticCode::RepeatsCut,
                     fmt::format("{} times; AllocLens counted {}", formatCount(times), formatCount(more + 1)));
        }
    }

    // Other writers' lines as they are when nobody tears them.
    void learn(std::string_view text) {
        if (text.ends_with('\r')) text.remove_suffix(1);  // no part of the line where it is put together either
        if (m_isWhole && !m_isSegment) m_part.damage.shapes.add(text);
    }

    // To be put together later, if it can be. Of a line that was not read as a whole too little is known.
    void damaged(DiagnosticCode code, std::string_view text) {
        if (!m_isWhole) return diagnose(code, excerptOf(text));
        const std::vector<DamagedLine>& lines = m_part.damage.lines;
        if (!lines.empty() && lines.back().line == m_part.trace.lines && lines.back().code == code) return;
        m_part.damage.lines.push_back({m_lineOffset, m_part.trace.lines, code});
    }

    // The event is completed where it is: it has just been written, field by field, and a copy would wait for that.
    // `text` is what it stands in, empty for a line that is one event and nothing else.
    void addEvent(EventMatch& match, std::string_view text) {
        TracePart::Event& event = match.event;
        event.line = m_part.trace.lines;
        m_part.trace.add(event);
        ++(match.isHexadecimal ? m_part.trace.hexadecimalIds : m_part.trace.decimalIds);
        m_part.generation.countsReferences |= match.generation.countsReferences;
        m_part.generation.isEnhanced |= match.generation.isEnhanced;
        if (match.isUnknownMemory) diagnose(DiagnosticCode::UnknownMemory, {});
        if (match.isAlreadyFreed) {
            PrintedFact counts;
            counts.kind = FactKind::AlreadyFreed;
            counts.line = event.line;
            counts.device = event.key.device;
            counts.address = event.key.address;
            counts.count = match.allocations;
            counts.refCount = match.freesReceived;
            const bool isAlone = m_eventsOfLine == 1 && nextHead(text, match.end) == text.npos;
            if (!text.empty() && (m_isSegment || !isAlone)) counts.eventsBefore = m_eventsOfLine;
            m_part.trace.facts.push_back(counts);
        }
    }

    void addFact(const PrintedFact& found) {
        TracePart::Event event;
        event.hasKey = false;
        event.line = found.line;
        if (found.kind == FactKind::SweepRemoved) {
            event.kind = EventKind::Sweep;
            event.pid = found.pid;
            event.size = found.count;
            m_part.trace.add(event);
        } else if (found.kind == FactKind::ServerStarted) {
            event.kind = EventKind::Restart;
            m_part.trace.add(event);
            m_part.generation.isEnhanced |= found.count == 1;
        } else if (found.kind == FactKind::SizeChanged) {
            m_part.generation.isEnhanced = true;
        }
        if (event.kind == EventKind::Sweep || event.kind == EventKind::Restart) ++m_eventsOfLine;
        m_part.trace.facts.push_back(found);
        if (m_isSegment || m_eventsOfLine > 0) m_part.trace.facts.back().eventsBefore = m_eventsOfLine;
    }

    void diagnose(DiagnosticCode code, std::string detail) {
        m_part.trace.diagnostics.add({code, m_part.trace.lines, std::move(detail)});
    }

    const Input& m_input;
    const Limits& m_limits;
    std::vector<char>& m_buffer;
    std::string& m_plain;
    Part& m_part;
    std::uint64_t m_next = 0;  ///< so far has been read
    std::uint64_t m_end = 0;   ///< of the stretch
    std::string_view m_rest;   ///< what of the buffer is still to be looked at
    std::uint64_t m_lineOffset = 0;
    std::uint32_t m_eventsOfLine = 0;
    bool m_isWhole = true;         ///< the line is read in one piece
    bool m_isSegment = false;      ///< the text is one of several that stand in the line
    bool m_isUnfinished = false;   ///< the line has no end
    std::uint64_t m_repeated = 0;  ///< events that stand for others, which no line shows
    std::uint32_t m_nulLine = 0;   ///< the last line that NUL bytes were reported of
};

}  // namespace

Result<void> readPart(const Input& input, std::uint64_t begin, std::uint64_t end, const Limits& limits,
                      ReadBuffers& buffers, Part& part) {
    return PartReader(input, limits, buffers, part).read(begin, end);
}

}  // namespace alloclens::server_log
