// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/alloc_message/framer.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace alloclens::alloc_message {
namespace {

// Points are counted in 64ths, so that a skipped byte can cost one.
constexpr int kPoint = 64;
constexpr int kGap = 6 * kPoint;
/// Behind a record of the right size stands the type of the next. Worth more than what a record that lost some bytes,
/// and ends in the next one, can be ahead of that next one and of the gap before it.
constexpr int kFollowed = 18 * kPoint;
/// Worth more than one or two records, so that damage is not taken for a change of size.
constexpr int kSwitch = 60 * kPoint;
/// In a capture of several connections: where both records are clean and the one begins where the other ends, or
/// where both sizes came among the last bytes.
constexpr int kSwitchWhereMixed = 12 * kPoint;
constexpr std::uint64_t kLastBytes = 65'536;
constexpr int kMostEvidence = 5;
constexpr int kLeastScore = 8;
/// The same where a record is expected: right behind one of its size, and followed by the type of the next. Programs
/// do send nonsense, and in an undamaged stream that is a message and no garbage.
constexpr int kLeastExpectedScore = -16;

/// What is looked at together, and how much of its end only helps to decide what is before it.
constexpr std::size_t kWindow = 8192;
constexpr std::size_t kOutlook = 4 * kLargestRecord;
/// So many clean records in a row leave no doubt.
constexpr int kFirmChain = 4;
constexpr int kFirmChainOfOtherSize = 8;

constexpr int kOrigin = -1;
constexpr int kNever = std::numeric_limits<int>::min() / 2;

/// What a record is worth of which only `count` bytes are there yet: its head, if the rest does not contradict.
Fit judgeOpen(Fit head, const char* record, std::size_t size, std::size_t count) {
    head.isClean = false;
    const bool mayBeText = size == kLargestRecord;
    const bool isZero = std::all_of(record + kSmallestRecord, record + count, [](char byte) { return byte == 0; });
    if (!mayBeText && !isZero) return {};
    return head;
}

}  // namespace

Framer::Framer(std::size_t recordSize) : m_fixedSize(recordSize), m_size(recordSize) {}

void Framer::feed(const char* bytes, std::size_t size) {
    if (size == 0) return;
    // What is decided and not fetched yet is kept, and the last record, which may turn out to be longer.
    const std::size_t keepFrom = m_nextDecided < m_decided.size() ? m_decided[m_nextDecided].at : m_at - m_lastSize;
    m_bytes.erase(m_bytes.begin(), m_bytes.begin() + static_cast<std::ptrdiff_t>(keepFrom));
    m_streamOffset += keepFrom;
    m_at -= keepFrom;
    for (std::size_t i = m_nextDecided; i < m_decided.size(); ++i) m_decided[i].at -= keepFrom;
    m_recordAt = 0;
    m_bytes.insert(m_bytes.end(), bytes, bytes + size);
    m_isSettled = false;
}

bool Framer::next(Record& record) {
    while (true) {
        if (m_nextDecided < m_decided.size()) {
            const Decided decided = m_decided[m_nextDecided++];
            emit(record, decided.at, decided.size);
            return true;
        }
        if (m_size != 0 && available() >= m_size && isTypeOfMessage(m_bytes[m_at])
            && (available() == m_size || isTypeOfMessage(m_bytes[m_at + m_size]))) {
            const char* at = m_bytes.data() + m_at;
            record.message = decode(at);
            const Fit head = judgeHead(record.message, at);
            if (head.isClean && judgeTail(head, record.message.type, at, m_size).isClean) {
                record.offset = m_streamOffset + m_at;
                record.size = m_lastSize = m_size;
                m_recordAt = m_at;
                m_at += m_size;
                m_evidence = std::min(m_evidence + 1, kMostEvidence);
                return true;
            }
        }
        if (!decide()) return false;
    }
}

void Framer::emit(Record& record, std::size_t at, std::size_t size) {
    record.message = decode(m_bytes.data() + at);
    record.offset = m_streamOffset + at;
    record.size = size;
    m_recordAt = at;
}

std::vector<Framer::Skip> Framer::takeSkips() { return std::exchange(m_skips, {}); }

bool Framer::isAllowed(std::size_t sizeIndex) const {
    return m_fixedSize == 0 || kRecordSizes[sizeIndex] == m_fixedSize;
}

// A size that one record spoke for is given up sooner than one that many did.
int Framer::switchCost(std::size_t sizeIndex) const {
    return m_size == 0 ? 0 : m_switchTo[sizeIndex] * m_evidence / kMostEvidence;
}

/// What it costs to go over to each size, by what came of late.
void Framer::weighSwitches() {
    const std::uint64_t here = m_streamOffset + m_at;
    m_switchTo.fill(kSwitch);
    bool isMixed = false;
    for (std::size_t i = 0; i < kRecordSizes.size(); ++i) {
        if (kRecordSizes[i] == m_size || m_seenAt[i] == 0 || here - m_seenAt[i] > kLastBytes) continue;
        m_switchTo[i] = kSwitchWhereMixed;
        isMixed = true;
    }
    for (std::size_t i = 0; i < kRecordSizes.size() && isMixed; ++i) {
        if (kRecordSizes[i] == m_size) m_switchTo[i] = kSwitchWhereMixed;
    }
}

/// Decides as much as can be from here on; whether anything was.
bool Framer::decide() {
    const std::size_t window = std::min(available(), kWindow);
    if (window == 0) return false;
    m_decided.clear();
    m_nextDecided = 0;
    const bool isWhole = (m_isSettled || m_isFinished) && window == available();
    if (isWhole && isBrokenOff()) {
        if (m_isFinished) skipTo(m_bytes.size());
        return false;
    }
    const int firm = search(window);
    if (firm == kOrigin && !isWhole && window < kWindow) return false;
    int last = firm;
    if (firm == kOrigin) {
        int best = 0;
        for (std::size_t i = 0; i < m_candidates.size(); ++i) {
            // The bytes behind it count, and between equals the one that leaves the fewest.
            const int score = m_candidates[i].score - static_cast<int>(window - m_candidates[i].end);
            if (score <= best) continue;
            best = score;
            last = static_cast<int>(i);
        }
    }
    return commit(last, window, firm != kOrigin, isWhole);
}

/// Whether what is left is the beginning of a record like all those before it, though it may look like a shorter one.
bool Framer::isBrokenOff() const {
    if (m_lastSize != m_size || m_evidence < kMostEvidence || available() >= m_size) return false;
    // In a capture of several connections it may be whole, and of another one.
    const std::uint64_t here = m_streamOffset + m_at;
    for (std::size_t i = 0; i < kRecordSizes.size() && kRecordSizes[i] <= available(); ++i) {
        if (m_seenAt[i] != 0 && here - m_seenAt[i] <= kLastBytes) return false;
    }
    return true;
}

/// Finds the best ways through the window; gives the candidate behind which no doubt is left, or kOrigin.
int Framer::search(std::size_t window) {
    for (const Candidate& candidate : m_candidates) m_endingAt[candidate.end] = kOrigin;
    // As large as was needed so far: a connection that says little takes little.
    if (m_endingAt.size() <= window + kLargestRecord) m_endingAt.resize(window + kLargestRecord + 1, kOrigin);
    m_candidates.clear();
    m_behind.fill({kNever, kOrigin});
    weighSwitches();
    addRests(window);
    const char* bytes = m_bytes.data() + m_at;
    for (std::size_t place = 0; place + kSmallestRecord <= window; ++place) {
        if (isTypeOfMessage(bytes[place])) {
            if (const int firm = addRecords(place, window); firm != kOrigin) return firm;
        }
        if (m_endingAt[place] != kOrigin) passEndsAt(place);
    }
    return kOrigin;
}

/// The record before the window may have been taken for a shorter one, by settle() or where sizes change.
void Framer::addRests(std::size_t window) {
    if (m_lastSize == 0) return;
    const char* record = m_bytes.data() + m_at - m_lastSize;
    for (std::size_t i = 0; i < kRecordSizes.size(); ++i) {
        const std::size_t size = kRecordSizes[i];
        if (size <= m_lastSize || size - m_lastSize > window || !isAllowed(i)) continue;
        const Fit fit = judgeTail({0, true}, decode(record).type, record, size);
        if (!fit.isClean) continue;
        addCandidate(
            {0, size - m_lastSize, i, fit.score * kPoint - switchCost(i), kOrigin, 0, kOrigin, true, true, false});
    }
}

void Framer::addCandidate(const Candidate& candidate) {
    m_candidates.push_back(candidate);
    m_candidates.back().sameEnd = std::exchange(m_endingAt[candidate.end], static_cast<int>(m_candidates.size()) - 1);
}

int Framer::addRecords(std::size_t start, std::size_t window) {
    const char* record = m_bytes.data() + m_at + start;
    const Message message = decode(record);
    const Fit head = judgeHead(message, record);
    if (head.score < kLeastExpectedScore) return kOrigin;
    if (head.score < kLeastScore && !isEnd(start)) return kOrigin;
    for (std::size_t i = 0; i < kRecordSizes.size(); ++i) {
        const std::size_t size = kRecordSizes[i];
        const bool isOpen = start + size > window;
        if (!isAllowed(i) || (isOpen && m_isFinished && window == available())) continue;
        const Fit fit = isOpen ? judgeOpen(head, record, size, window - start)
                               : judgeTail(head, message.type, record, size);
        if (fit.score < kLeastExpectedScore) continue;
        const bool isFollowed = isOpen || start + size == available() || isTypeOfMessage(record[size]);
        const Way way = bestWayTo(start, i, fit.isClean && isFollowed);
        if (fit.score < kLeastScore && !(isFollowed && isExpected(way, size))) continue;
        const int worth = fit.score * kPoint + (isFollowed ? kFollowed : 0);
        int chain = fit.isClean && isFollowed ? 1 : 0;
        if (chain > 0 && way.isContiguous && way.from != kOrigin) {
            const Candidate& before = m_candidates[static_cast<std::size_t>(way.from)];
            if (before.sizeIndex == i) chain += before.chain;
        }
        addCandidate({start, std::min(start + size, window), i, way.score + worth, way.from, chain, kOrigin,
                      fit.isClean, false, isOpen});
        if (chain >= (size == m_size ? kFirmChain : kFirmChainOfOtherSize))
            return static_cast<int>(m_candidates.size()) - 1;
    }
    return kOrigin;
}

/// Whether a record may end there.
bool Framer::isEnd(std::size_t place) const { return m_endingAt[place] != kOrigin || (place == 0 && m_lastSize != 0); }

/// Whether the way leads to the place right behind a record of that size.
bool Framer::isExpected(const Way& way, std::size_t size) const {
    if (!way.isContiguous) return false;
    if (way.from == kOrigin) return m_lastSize == size;
    return kRecordSizes[m_candidates[static_cast<std::size_t>(way.from)].sizeIndex] == size;
}

void Framer::passEndsAt(std::size_t place) {
    for (int i = m_endingAt[place]; i != kOrigin; i = m_candidates[static_cast<std::size_t>(i)].sameEnd) {
        const Candidate& candidate = m_candidates[static_cast<std::size_t>(i)];
        Behind& behind = m_behind[candidate.sizeIndex];
        const int scoreAndEnd = candidate.score + static_cast<int>(place);
        if (scoreAndEnd > behind.scoreAndEnd) behind = {scoreAndEnd, i};
    }
}

/// `isSure`: the record that begins there is clean and followed by another.
Framer::Way Framer::bestWayTo(std::size_t place, std::size_t sizeIndex, bool isSure) const {
    const int distance = static_cast<int>(place);
    Way best = {place == 0 ? 0 : -kGap - distance, kOrigin, place == 0};
    if (m_size != kRecordSizes[sizeIndex]) {
        best.score -= isSure && place == 0 && m_lastSize != 0 ? std::min(kSwitchWhereMixed, switchCost(sizeIndex))
                                                              : switchCost(sizeIndex);
    }
    for (std::size_t i = 0; i < m_behind.size(); ++i) {
        const int score = m_behind[i].scoreAndEnd - kGap - distance - (i == sizeIndex ? 0 : m_switchTo[sizeIndex]);
        if (score > best.score) best = {score, m_behind[i].from, false};
    }
    for (int i = m_endingAt[place]; i != kOrigin;) {
        const Candidate& candidate = m_candidates[static_cast<std::size_t>(i)];
        const int cost = isSure && candidate.isClean ? kSwitchWhereMixed : m_switchTo[sizeIndex];
        const int score = candidate.score - (candidate.sizeIndex == sizeIndex ? 0 : cost);
        if (score >= best.score) best = {score, i, true};
        i = candidate.sameEnd;
    }
    return best;
}

/// Takes over the way that ends with `last`, as far as nothing to come can change it.
bool Framer::commit(int last, std::size_t window, bool isFirm, bool isWhole) {
    std::vector<Candidate> way;
    for (int i = last; i != kOrigin; i = way.back().from) way.push_back(m_candidates[static_cast<std::size_t>(i)]);
    std::reverse(way.begin(), way.end());
    // Half of a record and the beginning of the next look like one: wait for the rest of the next.
    const bool mayWait = isWhole && !isFirm && !m_isFinished;
    while (mayWait && !way.empty() && !way.back().isClean && way.back().end < window) way.pop_back();
    const std::size_t limit = isFirm || isWhole ? window : window - kOutlook;
    const std::size_t origin = m_at;
    std::size_t stop = limit;  // where the way goes on that is not decided yet
    for (const Candidate& candidate : way) {
        if (candidate.isOpen || candidate.end > limit) {
            stop = std::min(stop, candidate.start);
            break;
        }
        skipTo(origin + candidate.start);
        if (!candidate.isRest) m_decided.push_back({m_at, candidate.end - candidate.start});
        const std::size_t size = kRecordSizes[candidate.sizeIndex];
        m_at = origin + candidate.end;
        if (candidate.isClean) m_seenAt[candidate.sizeIndex] = m_streamOffset + m_at;
        m_evidence = size == m_size ? std::min(m_evidence + 1, kMostEvidence) : 1;
        m_size = size;
        m_lastSize = candidate.isRest ? 0 : size;
    }
    const bool keepsEnd = isFirm || (isWhole && !m_isFinished);
    if (!keepsEnd) skipTo(std::max(m_at, origin + stop));
    return m_at > origin;
}

void Framer::skipTo(std::size_t at) {
    if (at <= m_at) return;
    const std::uint64_t offset = m_streamOffset + m_at;
    const std::uint64_t bytes = at - m_at;
    m_skippedBytes += bytes;
    m_at = at;
    m_lastSize = 0;
    if (!m_skips.empty() && (m_skips.size() >= kMostSkips || m_skips.back().offset + m_skips.back().bytes == offset)) {
        m_skips.back().bytes = offset + bytes - m_skips.back().offset;
    } else {
        m_skips.push_back({offset, bytes});
    }
}

}  // namespace alloclens::alloc_message
