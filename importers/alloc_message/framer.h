// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds the tracker's messages in a stream of bytes, whatever the size of its records, which carry neither a mark nor a
// length: of all ways to cut the stream into records and bytes between them, the one whose records look most like
// messages. Serves files and live connections alike; knows neither, and has no threads. Where a record stands as
// expected it costs a few nanoseconds; elsewhere a few KiB are looked at together (docs/formats/alloc-message.md).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "importers/alloc_message/message.h"
#include "importers/alloc_message/plausibility.h"

namespace alloclens::alloc_message {

struct Record {
    Message message;
    std::uint64_t offset = 0;  ///< in the stream
    std::size_t size = 0;
};

class Framer {
public:
    /// Bytes of the stream that are no part of a record.
    struct Skip {
        std::uint64_t offset;
        std::uint64_t bytes;
    };
    static constexpr std::size_t kMostSkips = 4096;

    /// `recordSize` is one of kRecordSizes, or 0: told by content, and it may change within the stream.
    explicit Framer(std::size_t recordSize = 0);

    /// Takes more of the stream. Call next() until it has no more before the next piece, so that little is kept.
    void feed(const char* bytes, std::size_t size);
    /// Gives the next record that is certain; false: more bytes are needed, or settle() or finish().
    [[nodiscard]] bool next(Record& record);
    /// All bytes of the record that next() gave, valid until the next call of anything.
    [[nodiscard]] const char* recordBytes() const { return m_bytes.data() + m_recordAt; }
    /// Nothing more comes for now, as a client waits for its answer: what is there as whole records is taken as such.
    /// If more bytes show that records are longer, the rest of the one that was taken is counted as part of it.
    void settle() { m_isSettled = true; }
    /// The stream has ended: decides with what is there.
    void finish() { m_isFinished = true; }

    /// The size of the records of late; 0 while it is undecided.
    [[nodiscard]] std::size_t recordSize() const { return m_size; }
    [[nodiscard]] std::uint64_t skippedBytes() const { return m_skippedBytes; }
    /// The stretches skipped since the last call, in order, neighbours merged. Beyond kMostSkips the last one stands
    /// for all that follow: it ends where they end.
    [[nodiscard]] std::vector<Skip> takeSkips();

private:
    struct Decided {
        std::size_t at;  ///< in m_bytes
        std::size_t size;
    };
    /// A place in the window that could be a record, with the best way to cut the window up to its end.
    struct Candidate {
        std::size_t start;
        std::size_t end;
        std::size_t sizeIndex;
        int score;  ///< of the whole way
        int from;   ///< the candidate before it on this way, or kOrigin
        int chain;  ///< clean records of one size without a gap that end with this one
        int sameEnd;
        bool isClean;
        bool isRest;  ///< the rest of the record before the window
        bool isOpen;  ///< goes on behind the window
    };
    struct Way {
        int score;
        int from;
        bool isContiguous;
    };
    /// The best that ended so far, by size of its record: its score plus its end, since a gap costs its length.
    struct Behind {
        int scoreAndEnd;
        int from;
    };

    [[nodiscard]] std::size_t available() const { return m_bytes.size() - m_at; }
    [[nodiscard]] bool isAllowed(std::size_t sizeIndex) const;
    void emit(Record& record, std::size_t at, std::size_t size);
    [[nodiscard]] bool decide();
    [[nodiscard]] bool isBrokenOff() const;
    [[nodiscard]] int search(std::size_t window);
    void addRests(std::size_t window);
    [[nodiscard]] bool isEnd(std::size_t place) const;
    [[nodiscard]] bool isExpected(const Way& way, std::size_t size) const;
    [[nodiscard]] int addRecords(std::size_t start, std::size_t window);
    void addCandidate(const Candidate& candidate);
    void passEndsAt(std::size_t place);
    [[nodiscard]] Way bestWayTo(std::size_t place, std::size_t sizeIndex, bool isSure) const;
    [[nodiscard]] int switchCost(std::size_t sizeIndex) const;
    void weighSwitches();
    [[nodiscard]] bool commit(int last, std::size_t window, bool isFirm, bool isWhole);
    void skipTo(std::size_t at);

    std::size_t m_fixedSize;
    std::vector<char> m_bytes;
    std::uint64_t m_streamOffset = 0;  ///< of m_bytes
    std::size_t m_at = 0;              ///< all before it is decided
    std::size_t m_recordAt = 0;
    std::size_t m_size = 0;
    int m_evidence = 0;          ///< records of that size, up to a few
    std::size_t m_lastSize = 0;  ///< of the record that ends at m_at; 0 where none does
    bool m_isSettled = false;
    bool m_isFinished = false;
    std::array<std::uint64_t, kRecordSizes.size()> m_seenAt = {};  ///< where the last of that size ended; 0: nowhere
    std::vector<Decided> m_decided;
    std::size_t m_nextDecided = 0;
    std::vector<Skip> m_skips;
    std::uint64_t m_skippedBytes = 0;

    // Of one search; kept for their room.
    std::vector<Candidate> m_candidates;
    std::vector<int> m_endingAt;  ///< by place: the last candidate that ends there, or kOrigin
    std::array<Behind, kRecordSizes.size()> m_behind = {};
    std::array<int, kRecordSizes.size()> m_switchTo = {};
};

}  // namespace alloclens::alloc_message
