// SPDX-License-Identifier: GPL-3.0-or-later
//
// Victim or culprit. For A1 F1 A2 F2 U there are several tales: U may be surplus (the plain tale), or the stale owner
// of A1 sent F2, so that U is A2's own free. It may also have happened a generation earlier, and each later release
// came one too early. Each tale is weighed against the plain one by three things: who sent the frees, how long such
// lifetimes usually last, and what devices in step did. docs/verdicts.md has the weights.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <utility>

#include "core/base/parallel.h"
#include "core/findings/detector.h"
#include "core/findings/devices_in_step.h"
#include "core/findings/lifetime_lengths.h"
#include "core/findings/lifetime_ordinals.h"

namespace alloclens {
namespace {

constexpr std::uint32_t kMostGenerations = 4;  // how far it looks back
constexpr double kPlainPrior = 2;              // log odds in favour of the plain tale
constexpr double kEarlierPrior = 0.7;          // log odds against each further generation
constexpr double kSenderOther = 5;
constexpr double kSenderEarlier = 6;
constexpr double kSenderOwner = 3;
constexpr double kMostOfOneClue = 4;
constexpr int kLeastShown = 50;   // per cent, of the likeliest candidate
constexpr int kLeastListed = 10;  // per cent, of the other candidates

/// A tale's log odds against the plain tale, and the evidence for them.
struct Tale {
    double odds = 0;
    SuspectCandidate candidate;

    void add(double more, SuspectClue clue, std::int64_t number = 0) {
        odds += more;
        candidate.evidence.push_back({clue, more > 0, number});
    }
};

class Weighing {
public:
    Weighing(const Replay& replay, const LifetimeLengths& lengths, EventId refused)
        : m_replay(replay), m_lengths(lengths), m_refused(refused), m_last(replay.lifetimeOf[refused.index()]) {}

    /// Weighs each tale by the device's own events. Asking devices in step is expensive and can add only so much, so
    /// this returns none if no tale can still win.
    [[nodiscard]] std::vector<Tale> tales() const {
        const std::uint32_t generation = lifetime(0).generation;
        std::vector<Tale> tales;
        LengthSum lengths;
        for (std::uint32_t back = 0; back < kMostGenerations && back + 1 < generation; ++back) {
            if (!isWhole(lifetime(back)) || !isWhole(lifetime(back + 1))) break;
            tales.push_back(weigh(back, lengths));
        }
        const bool isOpen = std::any_of(tales.begin(), tales.end(),
                                        [](const Tale& tale) { return tale.odds + kMostOfOneClue >= 0; });
        if (!isOpen) tales.clear();
        return tales;
    }

    [[nodiscard]] std::optional<Suspicion> judge(std::vector<Tale> tales, std::span<const AddressId> siblings) const {
        for (std::uint32_t back = 0; back < tales.size(); ++back) weighSiblings(back, siblings, tales[back]);
        double sum = 1;
        for (const Tale& tale : tales) sum += std::exp(tale.odds);
        Suspicion suspicion;
        suspicion.refused = m_refused;
        suspicion.generation = lifetime(0).generation;
        suspicion.refusedLikelihood = percent(1 / sum);
        for (Tale& tale : tales) {
            tale.candidate.likelihood = percent(std::exp(tale.odds) / sum);
            if (!tale.candidate.evidence.empty()) suspicion.candidates.push_back(std::move(tale.candidate));
        }
        std::stable_sort(suspicion.candidates.begin(), suspicion.candidates.end(),
                         [](const auto& a, const auto& b) { return a.likelihood > b.likelihood; });
        while (!suspicion.candidates.empty() && suspicion.candidates.back().likelihood < kLeastListed)
            suspicion.candidates.pop_back();
        if (suspicion.candidates.empty() || suspicion.candidates.front().likelihood < kLeastShown) return std::nullopt;
        return suspicion;
    }

private:
    /// What the lengths of lifetimes add to a tale. Unknown as soon as one of their sorts is.
    struct LengthSum {
        double gain = 0;
        bool isKnown = true;
    };

    static std::uint8_t percent(double share) { return static_cast<std::uint8_t>(std::clamp(share * 100, 0.0, 97.0)); }

    [[nodiscard]] static bool isWhole(const Lifetime& lifetime) {
        return lifetime.end == LifetimeEnd::Freed && !lifetime.beginLost;
    }
    /// The lifetime `back` generations before the last one.
    [[nodiscard]] Lifetime lifetime(std::uint32_t back) const {
        return m_replay.lifetime(LifetimeId(m_last.value - back));
    }
    /// The owner's own free in that tale: the next release, or the refused free.
    [[nodiscard]] EventId rightful(std::uint32_t back) const { return back == 0 ? m_refused : lifetime(back - 1).last; }

    /// Weighs the tale `back` generations ago. `lengths` goes in with the sum of the tale before and comes out with
    /// this one's.
    [[nodiscard]] Tale weigh(std::uint32_t back, LengthSum& lengths) const {
        Tale tale;
        tale.odds = -kPlainPrior - kEarlierPrior * back;
        tale.candidate.free = lifetime(back).last;
        tale.candidate.rightful = rightful(back);
        tale.candidate.generation = lifetime(back).generation;
        weighSenders(back, tale);
        weighLengths(back, lengths, tale);
        return tale;
    }

    void weighSenders(std::uint32_t back, Tale& tale) const {
        const Trace& trace = *m_replay.trace;
        const ProcessId sender = trace.events.senderOf(lifetime(back).last);
        const ProcessId owner = lifetime(back).owner;
        if (sender.isValid() && owner.isValid()) {
            if (sender == owner) {
                tale.add(-kSenderOwner, SuspectClue::SentByOwner);
            } else if (sender == lifetime(back + 1).owner) {
                tale.add(kSenderEarlier, SuspectClue::SentByEarlierOwner, trace.pid(sender));
            } else {
                tale.add(kSenderOther, SuspectClue::SentByOther, trace.pid(sender));
            }
        }
        // In each tale the refused free belongs to the owner of the last allocation.
        const ProcessId refuser = trace.events.process[m_refused.index()];
        const ProcessId last = lifetime(0).owner;
        if (!refuser.isValid() || !last.isValid()) return;
        if (refuser != last) tale.add(-kSenderOwner, SuspectClue::RefusedIsByOther, trace.pid(refuser));
        // Their equality is evidence only if somebody else owned the allocation before.
        if (refuser == last && lifetime(back + 1).owner != last) tale.add(0.5, SuspectClue::RefusedIsByOwner);
    }

    // In a tale every lifetime from its candidate on ends at another event.
    void weighLengths(std::uint32_t back, LengthSum& sum, Tale& tale) const {
        if (!sum.isKnown) return;
        const auto sort = m_lengths.sortOf(LifetimeId(m_last.value - back));
        sum.isKnown = sort.has_value();
        if (!sort) return;
        const Lifetime here = lifetime(back);
        sum.gain += fit(*sort, here.first, rightful(back)) - fit(*sort, here.first, here.last);
        constexpr double kSays = 0.5;
        const double gain = std::clamp(sum.gain, -kMostOfOneClue, kMostOfOneClue);
        if (std::abs(gain) <= kSays) return;
        tale.add(gain, gain > 0 ? SuspectClue::LengthsFit : SuspectClue::LengthsDoNotFit,
                 std::llround(std::exp2(sort->median)));
    }

    /// The log likelihood of a lifetime of that length.
    [[nodiscard]] static double fit(const LifetimeLengths::Sort& sort, EventId from, EventId to) {
        constexpr double kTails = 5;  // degrees of freedom of Student's t: outliers are unlikely, but possible
        const double off = (std::log2(static_cast<double>(to.index() - from.index())) - sort.median) / sort.spread;
        return -(kTails + 1) / 2 * std::log1p(off * off / kTails);
    }

    void weighSiblings(std::uint32_t back, std::span<const AddressId> siblings, Tale& tale) const {
        const Lifetime here = lifetime(back);
        double gain = 0;
        std::int64_t count = 0;
        for (const AddressId id : siblings) {
            const Lifetime there = m_replay.lifetimesOf(id)[here.generation - 1];
            if (!isWhole(there) || !ranTogether(lifetime(back + 1), here, id)) continue;
            gain += factor(here.first, here.last, there) - factor(here.first, rightful(back), there);
            ++count;
        }
        if (count == 0) return;
        constexpr double kWeight = 2;
        constexpr double kSays = 0.5;
        gain = std::clamp(kWeight * gain / static_cast<double>(count), -kMostOfOneClue, kMostOfOneClue);
        if (gain > kSays) tale.add(gain, SuspectClue::SiblingsLater, count);
        if (gain < -kSays) tale.add(gain, SuspectClue::SiblingsAtOnce, count);
    }

    /// Whether the end of the lifetime before and the begin of this one were close to the sibling's: messages for a
    /// mesh reach device after device.
    [[nodiscard]] bool ranTogether(const Lifetime& before, const Lifetime& here, AddressId sibling) const {
        const auto isClose = [this](EventId a, EventId b) {
            return (a < b ? b.index() - a.index() : a.index() - b.index()) <= 8 * m_replay.devices.size();
        };
        const auto theirs = m_replay.lifetimesOf(sibling);
        return isClose(before.last, theirs[before.generation - 1].last)
               && isClose(here.first, theirs[here.generation - 1].first);
    }

    /// By how many powers of two a length differs from the sibling's.
    [[nodiscard]] static double factor(EventId from, EventId to, const Lifetime& sibling) {
        const auto length = static_cast<double>(to.index() - from.index());
        return std::abs(std::log2(length / static_cast<double>(sibling.last.index() - sibling.first.index())));
    }

    const Replay& m_replay;
    const LifetimeLengths& m_lengths;
    EventId m_refused;
    LifetimeId m_last;
};

/// The first double free after each lifetime except a key's first.
std::vector<EventId> doubleFreesAfterReuse(const Replay& replay, const TaskContext& task) {
    std::vector<EventId> frees;
    LifetimeOrdinals ordinals(replay);
    const auto next = [&replay](std::size_t from) { return replay.nextWith(Letter::Refused, from); };
    for (std::size_t i = next(0); i < replay.letters.size() && !task.isCancelled(); i = next(i + 1)) {
        const LifetimeId ended = replay.lifetimeOf[i];
        const bool isFirst = ordinals.next(replay.trace->events.address[i], ended) == 1;
        if (!isFirst || !ended.isValid() || replay.lifetimes.end(ended.index()) != LifetimeEnd::Freed) continue;
        if (replay.lifetime(ended).generation > 1) frees.emplace_back(i);
    }
    return frees;
}

/// A refused free that devices in step may decide.
struct OpenCase {
    EventId refused;
    std::vector<Tale> tales;
};

/// The results of `work(i)` for each i of [0, count), in order, without empty ones.
template <typename Value, typename Work>
std::vector<Value> gather(std::size_t count, const TaskContext& task, const Work& work) {
    constexpr std::size_t kShare = 4096;
    std::vector<std::vector<Value>> shares((count + kShare - 1) / kShare);
    sideBySide(shares.size(), [&](std::size_t share) {
        for (std::size_t i = share * kShare; i < std::min(count, (share + 1) * kShare); ++i) {
            if (task.isCancelled()) return;
            if (std::optional<Value> value = work(i)) shares[share].push_back(std::move(*value));
        }
    });
    std::vector<Value> all;
    for (auto& share : shares)
        all.insert(all.end(), std::make_move_iterator(share.begin()), std::make_move_iterator(share.end()));
    return all;
}

/// Weighs each free on its own.
std::vector<Suspicion> weighAll(const Replay& replay, const LifetimeLengths& lengths, const std::vector<EventId>& frees,
                                const TaskContext& task) {
    auto cases = gather<OpenCase>(frees.size(), task, [&](std::size_t i) -> std::optional<OpenCase> {
        std::vector<Tale> tales = Weighing(replay, lengths, frees[i]).tales();
        if (tales.empty()) return std::nullopt;
        return OpenCase{frees[i], std::move(tales)};
    });
    const auto keyOf = [&replay](const OpenCase& of) { return replay.trace->events.address[of.refused.index()]; };
    std::vector<AddressId> keys;
    for (const OpenCase& of : cases) keys.push_back(keyOf(of));
    const DevicesInStep inStep(replay, keys, task);
    return gather<Suspicion>(cases.size(), task, [&](std::size_t i) {
        return Weighing(replay, lengths, cases[i].refused).judge(std::move(cases[i].tales), inStep.of(keyOf(cases[i])));
    });
}

}  // namespace

void detectSuspectFrees(const Replay& replay, FindingSink& sink, const TaskContext& task) {
    if (replay.totals.unknownFrees == 0) return;
    const std::vector<EventId> frees = doubleFreesAfterReuse(replay, task);
    LifetimeLengths lengths(replay);
    for (const EventId free : frees) {
        const LifetimeId last = replay.lifetimeOf[free.index()];
        const std::uint32_t generations = std::min(replay.lifetime(last).generation, kMostGenerations);
        for (std::uint32_t back = 0; back < generations; ++back) lengths.ask(LifetimeId(last.value - back));
    }
    if (!lengths.collect(task)) return;
    std::vector<Suspicion> suspicions = weighAll(replay, lengths, frees, task);
    if (task.isCancelled()) return;
    const auto place = [](const Suspicion& of) { return std::pair(of.candidates.front().free, of.refused); };
    std::sort(suspicions.begin(), suspicions.end(),
              [&](const Suspicion& a, const Suspicion& b) { return place(a) < place(b); });
    Finding finding;
    for (const Suspicion& suspicion : suspicions) {
        const SuspectCandidate& first = suspicion.candidates.front();
        finding.ordinal = finding.primary == first.free ? finding.ordinal + 1 : 1;
        finding.primary = first.free;
        finding.lifetime = replay.lifetimeOf[first.free.index()];
        const Lifetime lifetime = replay.lifetime(finding.lifetime);
        finding.address = lifetime.address;
        finding.generation = lifetime.generation;
        finding.memory = lifetime.memory;
        finding.size = lifetime.size;
        std::vector<RoleEvent> roles;
        roles.push_back({Role::Allocated, lifetime.first});
        for (const SuspectCandidate& candidate : suspicion.candidates)
            roles.push_back({Role::Candidate, candidate.free});
        roles.push_back({Role::FreedAgain, suspicion.refused});
        sink.add(FindingKind::SuspectFree, finding, roles);
    }
    sink.keep(std::move(suspicions));
}

}  // namespace alloclens
