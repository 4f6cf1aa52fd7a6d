// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/frames/line_joiner.h"

#include <algorithm>

#include "importers/server_log/cursor.h"
#include "importers/server_log/event_line.h"
#include "importers/server_log/plain_text.h"

namespace alloclens::server_log {
namespace {

constexpr std::size_t kLongestLine = std::size_t{1} << 20;
constexpr std::size_t kLongestJoined = std::size_t{256} << 10;
constexpr std::size_t kLongestSentence = std::size_t{4} << 10;  ///< the server's are far shorter
constexpr std::size_t kMostPieces = 4096;
constexpr std::uint64_t kFarthest = 4096;  ///< lines from the first piece to the last
constexpr std::size_t kMostStreams = 4096;
constexpr std::string_view kEllipsis = "\u2026";

bool isDigit(char c) { return c >= '0' && c <= '9'; }

bool isBlank(std::string_view text) { return text.find_first_not_of(" \t") == std::string_view::npos; }

/// A symbol that stands before a sentence, in whatever code page, and no side of a box.
bool isSymbol(std::string_view text) {
    constexpr std::size_t kLongest = 16;
    const bool isBox = text.find("\xe2\x94") != std::string_view::npos
                       || text.find("\xe2\x95") != std::string_view::npos;
    return !isBlank(text) && !isBox && text.size() <= kLongest;
}

/// The number of "last message repeated 4 times", where a line says nothing else.
std::string_view repeatCount(std::string_view text) {
    constexpr std::string_view kHead = "last message repeated ";
    const std::size_t head = text.find(kHead);
    if (head == std::string_view::npos) return {};
    std::string_view rest = text.substr(head + kHead.size());
    std::size_t digits = 0;
    while (digits < rest.size() && isDigit(rest[digits])) ++digits;
    const std::string_view count = rest.substr(0, digits);
    rest.remove_prefix(digits);
    if (!rest.starts_with(" time")) return {};
    rest.remove_prefix(std::string_view(" time").size());
    if (rest.starts_with("s")) rest.remove_prefix(1);
    // Some write dashes around it.
    return rest.find_first_not_of(" \t\r-") == std::string_view::npos ? count : std::string_view();
}

}  // namespace

char markOf(LineClass lineClass) {
    switch (lineClass) {
    case LineClass::Event: return 'E';
    case LineClass::Damaged: return 'D';
    case LineClass::Fact: return 'F';
    case LineClass::Foreign: break;
    }
    return 'X';
}

LineClass classOfMark(std::string_view line) {
    switch (line.size() > 1 ? line[1] : 'X') {
    case 'E': return LineClass::Event;
    case 'D': return LineClass::Damaged;
    case 'F': return LineClass::Fact;
    default: return LineClass::Foreign;
    }
}

void LineJoiner::add(std::string_view line) {
    const std::uint64_t index = m_written + m_slots.size();
    m_slots.emplace_back();
    if (line.size() > kLongestLine) {
        emit(index, line, {});
        drain();
        return;
    }
    // Where only words tell what belongs together, nothing may stand between them. Where the collector tells it, a
    // sequence of a terminal may have been cut, and is whole again later.
    const bool isByWords = m_frame.kind() == LineFrame::Kind::Bare || m_frame.kind() == LineFrame::Kind::Tagged;
    if (isByWords && holdsControls(line)) {
        copyPlain(line, m_plain);
        line = m_plain;
    }
    FramedPiece piece = m_frame.read(line);
    const std::string stream = piece.stream;
    const bool isTaken = isWanted(stream);
    m_counts.taken += isTaken ? 1 : 0;
    if (!isTaken) {
        constexpr std::size_t kMostNamed = 16;
        slot(index).mark = markOf(LineClass::Foreign);
        if (!stream.empty() && m_counts.linesOf.size() < kMostNamed) ++m_counts.linesOf[stream];
    } else if (const std::string_view count = repeatCount(piece.text); !count.empty()) {
        repeat(count, stream, index);
    } else {
        if (piece.hasTag) m_lastTexts.try_emplace(stream);
        std::vector<FramedPiece> pieces;
        splitAtTags(std::move(piece), pieces);
        for (FramedPiece& each : pieces) {
            if (isWanted(each.stream)) take(std::move(each), index);
        }
        if (!slot(index).hasText && slot(index).open == 0 && slot(index).mark == 0)
            slot(index).mark = markOf(LineClass::Foreign);
    }
    letGoOld();
    drain();
}

void LineJoiner::finish() {
    for (auto& [stream, pending] : m_pending) flush(stream, pending);
    m_pending.clear();
    m_counts.isOneServer = m_owners.isOneServer();
    drain();
}

bool LineJoiner::isWanted(const std::string& stream) const {
    const std::string& wanted = m_options.stream;
    if (wanted.empty() || stream == wanted) return true;
    const auto isWord = [](char c) { return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    for (std::size_t at = stream.find(wanted); at != std::string::npos; at = stream.find(wanted, at + 1)) {
        const std::size_t end = at + wanted.size();
        if ((at == 0 || !isWord(stream[at - 1])) && (end == stream.size() || !isWord(stream[end]))) return true;
    }
    return false;
}

// A tag is taken out of a line only where the server's words go on behind it, or end before it: the same characters may
// be a part of the text.
void LineJoiner::splitAtTags(FramedPiece piece, std::vector<FramedPiece>& pieces) {
    const TagShape* const shape = m_frame.shape();
    constexpr std::size_t kLongestSplit = 2 * kLongestSentence;
    if (shape == nullptr || !piece.hasTag || piece.text.size() > kLongestSplit) {
        pieces.push_back(std::move(piece));
        return;
    }
    const auto pendingText = [this](const std::string& stream) {
        const auto found = m_pending.find(stream);
        return found == m_pending.end() ? std::string() : found->second.text;
    };
    removeTags(piece, pendingText(piece.stream));
    std::string before = pendingText(piece.stream);
    std::size_t at = 0;
    if (before.empty()) {
        const SentenceMatch whole = matchSentence(piece.text);
        at = whole.isWhole ? whole.end : 0;
    }
    for (; at < piece.text.size(); ++at) {
        if (!shape->mayBegin(piece.text[at])) continue;
        const std::string_view text = piece.text;
        const auto tag = shape->match(text.substr(at));
        if (!tag || m_lastTexts.count(tag->name) == 0) continue;
        const std::string_view head = text.substr(0, at);
        const std::string_view rest = text.substr(at + tag->length);
        std::string joined;
        std::string said = before + std::string(head);
        if (!before.empty() && !joins(before, head, said) && !head.empty()) said = head;
        const SentenceMatch ended = matchSentence(said);
        const bool isEnd = said.empty() || ended.isBeginning || (ended.isWhole && isBlank(said.substr(ended.end)));
        const std::string other = tag->name == piece.stream ? std::string() : pendingText(tag->name);
        const SentenceMatch begun = matchSentence(rest);
        const bool isBegin = (begun.isWhole || begun.isBeginning) && begun.reached > begun.begin;
        if (!isEnd || !(isBegin || (!other.empty() && joins(other, rest, joined)))) continue;
        FramedPiece next;
        next.stream = tag->name;
        next.hasTag = true;
        next.text = rest;
        piece.text.resize(at);
        ++m_counts.tagsRemoved;
        pieces.push_back(std::move(piece));
        piece = std::move(next);
        before = pendingText(piece.stream);
        at = static_cast<std::size_t>(-1);
    }
    pieces.push_back(std::move(piece));
}

// The characters of a tag may be the text's own as well: "Buffer 0x16020: 4 KB" with the tag "0: ". So a tag is taken
// out where without it most of the text agrees with a sentence, and more than with it.
void LineJoiner::removeTags(FramedPiece& piece, const std::string& pending) {
    constexpr std::size_t kMostTags = 64;
    if (pending.size() + piece.text.size() > kLongestSentence) return;
    const TagShape& shape = *m_frame.shape();
    const std::string whole = pending + piece.text;
    // A sentence that is whole mostly does not go on.
    const bool goesOn = !matchSentence(pending).isWhole && matchSentence(whole).reached > pending.size();
    const std::size_t from = goesOn ? pending.size() : 0;
    std::string text = from > 0 ? whole : piece.text;
    std::uint64_t removed = 0;
    for (; removed < kMostTags; ++removed) {
        const SentenceMatch with = matchSentence(text);
        // The sides of a box around a heading are no text.
        const std::string_view behind = std::string_view(text).substr(with.end);
        if (with.isWhole && sentenceBegin(behind) == behind.size()) break;
        std::size_t best = with.reached;
        std::size_t place = 0;
        std::size_t length = 0;
        for (std::size_t at = std::max<std::size_t>(from, 1); at < text.size(); ++at) {
            if (!shape.mayBegin(text[at])) continue;
            const auto tag = shape.match(std::string_view(text).substr(at));
            if (!tag || tag->name != piece.stream) continue;
            const SentenceMatch head = matchSentence(std::string_view(text).substr(0, at));
            const bool isLast = at + tag->length == text.size() && head.isWhole && head.end == at;
            if (!head.isBeginning && !isLast) continue;
            std::string without = text.substr(0, at) + text.substr(at + tag->length);
            const std::size_t reached = matchSentence(without).reached;
            const bool isProgress = isLast || reached > at || (at == without.size() && reached == at);
            if (!isProgress || reached + tag->length <= best) continue;
            best = reached + tag->length;
            place = at;
            length = tag->length;
        }
        if (length == 0) break;
        text.erase(place, length);
    }
    if (removed == 0) return;
    piece.text = text.substr(from);
    m_counts.tagsRemoved += removed;
}

void LineJoiner::take(FramedPiece piece, std::uint64_t index) {
    const bool isExplicit = piece.end != FramedPiece::End::Unknown || m_frame.kind() == LineFrame::Kind::GitLab;
    const auto found = m_pending.find(piece.stream);
    if (found != m_pending.end()) {
        if (append(found->second, piece, index)) {
            const bool isDone = isExplicit ? piece.end == FramedPiece::End::Closed : !staysOpen(found->second.text);
            if (isDone) {
                flush(found->first, found->second);
                m_pending.erase(found);
            }
            return;
        }
        flush(found->first, found->second);
        m_pending.erase(found);
    }
    const std::size_t width = displayWidth(piece.text);
    m_counts.widest = std::max(m_counts.widest, width);
    m_counts.longest = std::max(m_counts.longest, piece.text.size());
    const bool isCut = (width > 0 && width == m_options.truncatedWidth)
                       || (!piece.text.empty() && piece.text.size() == m_options.truncatedBytes);
    // A number that ends where the line was cut may have had more digits, so it must not look as if it ended.
    if (isCut && isDigit(piece.text.back())) piece.text += kEllipsis;
    if (isExplicit ? piece.end != FramedPiece::End::Closed : staysOpen(piece.text)) {
        Pending pending;
        pending.text = std::move(piece.text);
        pending.first = index;
        pending.last = index;
        pending.isOpen = piece.end == FramedPiece::End::Open;
        ++slot(index).open;
        m_pending.emplace(std::move(piece.stream), std::move(pending));
    } else {
        emit(index, piece.text, piece.stream);
    }
}

bool LineJoiner::append(Pending& pending, const FramedPiece& piece, std::uint64_t index) {
    if (pending.text.size() + piece.text.size() > kLongestJoined || pending.others.size() >= kMostPieces) return false;
    std::string joined;
    if (pending.isOpen || piece.continues) {
        joined = pending.text + piece.text;
        ++m_counts.marked;
    } else if (pending.text.size() + piece.text.size() > kLongestSentence || m_frame.kind() == LineFrame::Kind::GitLab
               || piece.end != FramedPiece::End::Unknown || !joins(pending.text, piece.text, joined)) {
        return false;
    } else if (index != pending.last) {
        ++m_counts.widths[displayWidth(pending.text)];
    }
    ++m_counts.joined;
    if (index != pending.last) {
        pending.others.push_back(index);
        ++slot(index).open;
    }
    pending.last = index;
    pending.isOpen = piece.end == FramedPiece::End::Open;
    // Of a wrapped line only the last piece has a width that says anything.
    pending.text = std::move(joined);
    return true;
}

// A sentence goes on in the next piece if both together agree with one farther than the first alone. A sentence that is
// whole goes on only if nothing speaks against it.
bool LineJoiner::joins(std::string_view text, std::string_view next, std::string& joined) const {
    if (text.empty() || next.empty()) return false;
    const SentenceMatch first = matchSentence(text);
    const bool isWrapped = m_options.wrapWidth > 0 && displayWidth(text) % m_options.wrapWidth == 0;
    if (!first.isBeginning && !(first.isWhole && isWrapped)) return false;
    if (first.begin == text.size()) {  // only blanks and symbols as yet
        const bool isMemory = next.starts_with("DRAM") || next.starts_with("L1") || next.starts_with("SYSTEM_")
                              || next.starts_with("TRACE");
        if (isBlank(text) ? !(text == "  " && isMemory) : !isSymbol(text) || sentenceBegin(next) > 0) return false;
    }
    if (first.isWhole) {
        const SentenceMatch second = matchSentence(next);
        if (second.isWhole) return false;
        if (isDigit(text.back()) && isDigit(next.front()) && !isWrapped) return false;
    }
    // An editor may have put a mark or blanks before what it wrapped.
    const std::size_t mark = first.isWhole || first.begin == text.size() ? 0 : sentenceBegin(next);
    enum class Loss { None, Blank, Mark };
    for (const Loss loss : {Loss::None, Loss::Blank, Loss::Mark}) {
        if (loss == Loss::Blank && (first.isWhole || text.back() == ' ')) continue;
        if (loss == Loss::Mark && (mark == 0 || mark == next.size())) continue;
        joined.assign(text);
        if (loss == Loss::Blank) joined += ' ';
        const std::size_t from = joined.size();
        joined += loss == Loss::Mark ? next.substr(mark) : next;
        const SentenceMatch both = matchSentence(joined);
        if (!both.isWhole && !both.isBeginning) continue;
        if (first.isWhole && both.end <= text.size() && !both.isBeginning) continue;
        if (both.reached > from) return true;
    }
    return false;
}

bool LineJoiner::staysOpen(std::string_view text) const {
    if (text.empty()) return false;
    const SentenceMatch match = matchSentence(text);
    if (match.begin == text.size()) return isSymbol(text) || text == "  ";
    if (match.isBeginning) return true;
    return match.isWhole && m_options.wrapWidth > 0 && isDigit(text.back())
           && displayWidth(text) % m_options.wrapWidth == 0;
}

// The text that was repeated is put in, as newer collectors do by themselves.
void LineJoiner::repeat(std::string_view count, const std::string& stream, std::uint64_t index) {
    const auto found = m_pending.find(stream);
    if (found != m_pending.end()) {
        flush(stream, found->second);
        m_pending.erase(found);
    }
    const auto last = m_lastTexts.find(stream);
    const bool isKnown = last != m_lastTexts.end() && !last->second.empty();
    const std::string& text = isKnown ? last->second : m_lastText;
    ++m_counts.repeats;
    if (text.size() > kLongestSentence) return;  // no sentence, and many such lines would fill the disk
    std::string line = "message repeated ";
    line.append(count).append(" times: [ ").append(text).append("]");
    Slot& place = slot(index);
    place.text = std::move(line);
    place.hasText = true;
}

void LineJoiner::flush(const std::string& stream, Pending& pending) {
    if (pending.others.empty() && matchSentence(pending.text).isBeginning && !matchSentence(pending.text).isWhole) {
        ++m_counts.leftOpen;
        ++m_counts.cutWidths[displayWidth(pending.text)];
        ++m_counts.cutBytes[pending.text.size()];
    }
    emit(pending.first, pending.text, stream);
    --slot(pending.first).open;
    if (pending.others.empty()) return;
    const char mark = markOf(classOf(pending.text));
    for (const std::uint64_t other : pending.others) {
        slot(other).mark = mark;
        --slot(other).open;
    }
}

void LineJoiner::letGoOld() {
    constexpr std::uint64_t kLinesBetween = 256;
    const std::uint64_t now = m_written + m_slots.size();
    if (now % kLinesBetween != 0 && m_pending.size() <= kMostStreams) return;
    for (auto it = m_pending.begin(); it != m_pending.end();) {
        const bool isOld = now - it->second.first > kFarthest || m_pending.size() > kMostStreams;
        if (isOld) flush(it->first, it->second);
        it = isOld ? m_pending.erase(it) : std::next(it);
    }
    if (m_lastTexts.size() > kMostStreams) m_lastTexts.clear();
}

void LineJoiner::emit(std::uint64_t index, std::string_view text, const std::string& stream) {
    Slot& place = slot(index);
    if (place.hasText) place.text += '\v';
    place.text += text;
    place.hasText = true;
    countEvents(text, stream);
    if (text.size() > kLongestJoined) return;
    m_lastText = text;
    m_lastTexts[stream] = text;
}

void LineJoiner::countEvents(std::string_view text, const std::string& stream) {
    if (m_frame.kind() == LineFrame::Kind::Cri || m_frame.kind() == LineFrame::Kind::GitLab) return;
    const std::size_t head = nextHead(text, 0);
    EventMatch match;
    if (head == std::string_view::npos || matchEvent(text, head, match) != Match::Event) return;
    m_owners.add(match, stream);
    ++m_counts.eventsOf[m_counts.eventsOf.size() < kMostStreams ? stream : std::string()];
    if (!m_lastEventStream.empty() && m_lastEventStream != stream) ++m_counts.switches;
    m_lastEventStream = stream;
}

void LineJoiner::drain() {
    std::string line;
    while (!m_slots.empty() && m_slots.front().open == 0) {
        Slot& first = m_slots.front();
        if (first.hasText) {
            if (first.text.starts_with(kJoinedLine)) first.text.front() = ' ';
            m_sink(first.text);
        } else {
            line = {kJoinedLine, first.mark != 0 ? first.mark : 'X'};
            m_sink(line);
        }
        m_slots.pop_front();
        ++m_written;
    }
}

}  // namespace alloclens::server_log
