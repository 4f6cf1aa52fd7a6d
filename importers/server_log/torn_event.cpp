// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/torn_event.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace alloclens::server_log {
namespace {

enum class Slot : std::uint8_t { Pid, Size, Memory, Device, Id, HexId, Count, Allocations, Frees };

struct Step {
    Slot slot;
    std::string_view words;  ///< the piece behind the slot
};

/// A sentence of the server: its head, then values with the words behind them.
struct Sentence {
    EventKind kind;
    bool countsReferences;
    bool isEnhanced;
    std::array<Step, 7> steps;
    std::size_t count;
};

template <typename... Steps>
constexpr Sentence sentence(EventKind kind, bool countsReferences, bool isEnhanced, Steps... steps) {
    return {kind, countsReferences, isEnhanced, {steps...}, sizeof...(steps)};
}

constexpr Step kAllocated{Slot::Pid, "] Allocated "};
constexpr Step kSize{Slot::Size, " bytes of "};
constexpr Step kMemory{Slot::Memory, " on device "};
constexpr Step kFreed{Slot::Pid, "] Freed buffer "};
constexpr Step kFreedHex{Slot::Pid, "] Freed buffer 0x"};
constexpr Step kUnknown{Slot::Pid, "] Deallocation for unknown buffer "};
constexpr Step kUnknownHex{Slot::Pid, "] Deallocation for unknown buffer 0x"};
constexpr Step kAlready{Slot::Pid, "] Deallocation for ALREADY FREED buffer 0x"};
constexpr Step kId{Slot::Id, " on device "};
constexpr Step kHexId{Slot::HexId, " on device "};
constexpr Step kOfSize{Slot::Device, " ("};
constexpr Step kIdBehind{Slot::Device, " (buffer_id="};
constexpr Step kHexIdBehind{Slot::Device, " (buffer_id=0x"};
constexpr Step kFinal{Slot::Size, " bytes, FINAL)"};
constexpr Step kUncounted{Slot::Size, " bytes)"};
constexpr Step kStillHeld{Slot::Size, " bytes, ref_count="};
constexpr Step kRemaining{Slot::Count, " remaining)"};
constexpr Step kBefore{Slot::Device, " (allocated before tracking started)"};
constexpr Step kNever{Slot::Device, " (never tracked or allocated before server started)"};

constexpr std::array kSentences = {
    sentence(EventKind::Allocation, false, false, kAllocated, kSize, kMemory, kIdBehind, Step{Slot::Id, ")"}),
    sentence(EventKind::Allocation, false, false, kAllocated, kSize, kMemory, kHexIdBehind, Step{Slot::HexId, ")"}),
    sentence(EventKind::Allocation, true, false, kAllocated, kSize, kMemory, kIdBehind, Step{Slot::Id, ", ref_count="},
             Step{Slot::Count, ")"}),
    sentence(EventKind::Allocation, true, false, kAllocated, kSize, kMemory, kHexIdBehind,
             Step{Slot::HexId, ", ref_count="}, Step{Slot::Count, ")"}),
    sentence(EventKind::FinalFree, true, false, kFreed, kId, kOfSize, kFinal),
    sentence(EventKind::FinalFree, true, false, kFreedHex, kHexId, kOfSize, kFinal),
    sentence(EventKind::PartialFree, true, false, kFreed, kId, kOfSize, kStillHeld, kRemaining),
    sentence(EventKind::PartialFree, true, false, kFreedHex, kHexId, kOfSize, kStillHeld, kRemaining),
    sentence(EventKind::FinalFree, false, false, kFreed, kId, kOfSize, kUncounted),
    sentence(EventKind::RefusedFree, false, false, kUnknown, kId, kBefore),
    sentence(EventKind::RefusedFree, false, false, kUnknownHex, kHexId, kBefore),
    sentence(EventKind::RefusedFree, false, true, kUnknownHex, kHexId, kNever),
    sentence(EventKind::RefusedFree, false, true, kAlready, kHexId, Step{Slot::Device, " (allocs="},
             Step{Slot::Allocations, " frees="}, Step{Slot::Frees, ")"}),
};

struct Value {
    std::uint64_t number = 0;
    TextSpan span;
    bool isSharp = true;
    bool isCutWhole = false;  ///< a part of a number that fills the place between the words
};

/// Searches one sentence in one stretch of text.
class Search {
public:
    Search(std::string_view text, std::size_t end, const Sentence& sentence, const ReadingFilter& filter,
           const std::function<void(const TornReading&)>& visit, std::size_t& budget, std::size_t& work)
        : m_text(text.substr(0, end)),
          m_sentence(sentence),
          m_filter(filter),
          m_visit(visit),
          m_budget(budget),
          m_work(work) {}

    [[nodiscard]] bool run(std::size_t head) {
        m_words[0] = {head, head + kProcessHead.size()};
        placeWords(0);
        return !m_isTooMuch;
    }

private:
    static constexpr std::size_t kMostPlaces = 24;
    static constexpr std::size_t kMostValues = 160;
    static constexpr std::size_t kBytesAStep = 64;
    static constexpr std::size_t kStepsAVisit = 20;
    // What is left of the text is compared with other lines.
    static constexpr std::size_t kStepsALikeness = 20;
    static constexpr std::size_t kStepsALeftByte = 1;

    // The words behind slot `step`, at each place where they stand.
    void placeWords(std::size_t step) {
        if (step == m_sentence.count) return readValues();
        const std::string_view words = m_sentence.steps[step].words;
        const std::size_t from = m_words[step].end;
        std::size_t places = 0;
        for (std::size_t at = m_text.find(words, from); at != std::string_view::npos && !m_isTooMuch;
             at = m_text.find(words, at + 1)) {
            if (++places > kMostPlaces || !spend(1 + (at - from) / kBytesAStep)) {
                m_isTooMuch = true;
                return;
            }
            m_words[step + 1] = {at, at + words.size()};
            if (at > from) placeWords(step + 1);
        }
    }

    // All values that may stand between the words, slot by slot.
    void readValues() {
        std::array<std::vector<Value>, 7> values;
        for (std::size_t step = 0; step < m_sentence.count; ++step) {
            collect(m_sentence.steps[step].slot, m_words[step].end, m_words[step + 1].begin, values[step]);
            if (values[step].empty() || m_isTooMuch) return;
        }
        choose(values, 0);
    }

    void collect(Slot slot, std::size_t begin, std::size_t end, std::vector<Value>& values) {
        if (slot == Slot::Memory) {
            collectMemories(begin, end, values);
        } else {
            collectNumbers(slot, begin, end, values);
        }
        if (slot == Slot::Pid || slot == Slot::Device) {
            const auto& isKnown = slot == Slot::Pid ? m_filter.hasPid : m_filter.hasDevice;
            std::erase_if(values, [&isKnown](const Value& value) {
                return !isKnown(static_cast<std::int32_t>(static_cast<std::int64_t>(value.number)));
            });
        }
        m_work += (end - begin) / kBytesAStep + values.size();
        if (m_filter.canBeLeft) {
            m_work += values.size() * (kStepsALikeness + (end - begin) * kStepsALeftByte);
            std::erase_if(values, [&](const Value& value) {
                return !m_filter.canBeLeft(m_text.substr(begin, value.span.begin - begin),
                                           m_text.substr(value.span.end, end - value.span.end));
            });
        }
        if (values.size() > kMostValues) m_isTooMuch = true;
    }

    void collectMemories(std::size_t begin, std::size_t end, std::vector<Value>& values) const {
        static constexpr std::array<std::string_view, 5> kNames = {"DRAM", "L1_SMALL", "L1", "SYSTEM_MEMORY", "TRACE"};
        for (std::size_t at = begin; at < end; ++at) {
            for (const std::string_view name : kNames) {
                if (!m_text.substr(at, end - at).starts_with(name)) continue;
                values.push_back({static_cast<std::uint64_t>(*memoryFromName(name)), {at, at + name.size()}, true});
                break;  // the longer name comes first
            }
        }
    }

    // Each run of digits, and each head and tail of it: what stands beside a number may be another writer's number.
    void collectNumbers(Slot slot, std::size_t begin, std::size_t end, std::vector<Value>& values) {
        const bool isHex = slot == Slot::HexId;
        const auto isDigit = [isHex](char c) { return (c >= '0' && c <= '9') || (isHex && c >= 'a' && c <= 'f'); };
        for (std::size_t at = begin; at < end; ++at) {
            if (!isDigit(m_text[at])) continue;
            std::size_t stop = at;
            while (stop < end && isDigit(m_text[stop])) ++stop;
            const bool isWhole = at == begin && stop == end;
            addNumber(slot, begin, {at, stop}, true, values);
            // Words of other writers have letters that are digits of hexadecimal numbers.
            constexpr std::size_t kFewest = 4;
            const bool isWord = isHex && at != begin && stop != end && stop - at < kFewest;
            const bool isKept = isWord || (isWhole && !m_filter.cutsWholeNumbers);
            for (std::size_t cut = at + 1; cut < stop && !isKept; ++cut) {
                addNumber(slot, begin, {at, cut}, false, values);
                addNumber(slot, begin, {cut, stop}, false, values);
                for (std::size_t i = values.size() - std::min<std::size_t>(values.size(), 2); i < values.size(); ++i)
                    values[i].isCutWhole = isWhole && !values[i].isSharp;
            }
            at = stop;
        }
    }

    void addNumber(Slot slot, std::size_t begin, TextSpan span, bool isSharp, std::vector<Value>& values) const {
        const std::string_view digits = m_text.substr(span.begin, span.end - span.begin);
        if (digits.size() > 1 && digits.front() == '0') return;  // the server prints none
        std::uint64_t number = 0;
        const auto [stop, status] = std::from_chars(digits.data(), digits.data() + digits.size(), number,
                                                    slot == Slot::HexId ? 16 : 10);
        if (status != std::errc{}) return;
        const bool isSmall = slot == Slot::Pid || slot == Slot::Device || slot == Slot::Count || slot == Slot::Frees;
        if (isSmall && number > 0x7fffffffU) return;
        const bool isSigned = slot == Slot::Pid || slot == Slot::Device;
        if (isSigned && span.begin == begin + 1 && m_text[begin] == '-') {
            span.begin = begin;
            number = ~number + 1;
        }
        values.push_back({number, span, isSharp});
    }

    // Every combination of values.
    void choose(const std::array<std::vector<Value>, 7>& values, std::size_t step) {
        if (step == m_sentence.count) return tell(values);
        for (std::size_t i = 0; i < values[step].size() && !m_isTooMuch; ++i) {
            if (!spend(1)) {
                m_isTooMuch = true;
                return;
            }
            // A number is rarely hit right at its end, and two of one event are not.
            const bool isCut = values[step][i].isCutWhole;
            if (isCut && m_hasCut) continue;
            m_choice[step] = i;
            m_hasCut |= isCut;
            choose(values, step + 1);
            if (isCut) m_hasCut = false;
        }
    }

    void tell(const std::array<std::vector<Value>, 7>& values) {
        TornReading reading;
        EventMatch& match = reading.match;
        match.event.kind = m_sentence.kind;
        match.generation.countsReferences = m_sentence.countsReferences;
        match.generation.isEnhanced = m_sentence.isEnhanced;
        addPiece(reading, m_words[0]);
        for (std::size_t step = 0; step < m_sentence.count; ++step) {
            const Value& value = values[step][m_choice[step]];
            take(m_sentence.steps[step].slot, value.number, match);
            reading.isSharp &= value.isSharp;
            addPiece(reading, value.span);
            addPiece(reading, m_words[step + 1]);
        }
        if (spend(kStepsAVisit)) {
            m_work += kStepsALikeness + (reading.end() - reading.begin()) * kStepsALeftByte;
            m_visit(reading);
        } else {
            m_isTooMuch = true;
        }
    }

    static void addPiece(TornReading& reading, TextSpan piece) {
        if (reading.pieceCount > 0 && reading.pieces[reading.pieceCount - 1].end == piece.begin) {
            reading.pieces[reading.pieceCount - 1].end = piece.end;
        } else {
            reading.pieces[reading.pieceCount++] = piece;
        }
    }

    static void take(Slot slot, std::uint64_t number, EventMatch& match) {
        TracePart::Event& event = match.event;
        switch (slot) {
        case Slot::Pid: event.pid = static_cast<std::int32_t>(number); break;
        case Slot::Size: event.size = number; break;
        case Slot::Memory: event.memory = static_cast<Memory>(number); break;
        case Slot::Device: event.key.device = static_cast<std::int32_t>(number); break;
        case Slot::HexId: match.isHexadecimal = true; [[fallthrough]];
        case Slot::Id: event.key.address = number; break;
        case Slot::Count: event.refCount = static_cast<std::uint32_t>(number); break;
        case Slot::Allocations:
            match.isAlreadyFreed = true;
            match.allocations = number;
            break;
        case Slot::Frees: match.freesReceived = static_cast<std::uint32_t>(number); break;
        }
    }

    [[nodiscard]] bool spend(std::size_t steps) {
        if (m_budget < steps) return false;
        m_budget -= steps;
        m_work += steps;
        return true;
    }

    std::string_view m_text;
    const Sentence& m_sentence;
    const ReadingFilter& m_filter;
    const std::function<void(const TornReading&)>& m_visit;
    std::size_t& m_budget;
    std::size_t& m_work;              ///< what was really done
    std::array<TextSpan, 8> m_words;  ///< the head, then the words behind each slot
    std::array<std::size_t, 7> m_choice{};
    bool m_hasCut = false;
    bool m_isTooMuch = false;
};

}  // namespace

std::size_t TornReading::gaps() const { return pieceCount - 1; }

bool forEachReading(std::string_view text, std::size_t head, std::size_t end, const ReadingFilter& filter,
                    std::size_t& budget, const std::function<void(const TornReading&)>& visit) {
    constexpr std::size_t kMostSteps = 60'000;
    std::size_t steps = std::min(budget, kMostSteps);
    std::size_t work = 0;
    const bool isComplete = std::all_of(kSentences.begin(), kSentences.end(), [&](const Sentence& sentence) {
        return Search(text, end, sentence, filter, visit, steps, work).run(head);
    });
    budget -= std::min(budget, work);
    return isComplete && budget > 0;
}

}  // namespace alloclens::server_log
