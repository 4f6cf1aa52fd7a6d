// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/findings/verdict.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/units.h"

namespace alloclens {
namespace {

struct CauseText {
    std::string_view name;
    std::string_view words;
};
constexpr std::array<CauseText, kCauseCount> kCauses = {{
    {"undetermined", "the evidence does not decide"},
    {"stale-owner", "freed again by a stale owner"},
    {"teardown-pool", "freed again with a container or pool"},
    {"mesh-levels", "freed at several levels of a mesh"},
    {"mesh-backing-twice", "a mesh's backing buffer counted twice on its first device"},
    {"view-frees-parent", "a view and its parent both freed"},
    {"reordered", "the free overtook its allocation"},
    {"lost-allocation", "the message of its allocation was lost"},
    {"older-than-tracker", "allocated before tracking began"},
    {"swept-process", "swept before, because its process had died"},
    {"merged-memories", "two buffers of different memories under one address"},
    {"stray-message", "a message that no traced program sent"},
    {"protocol-mismatch", "a client whose messages the server misreads"},
    {"torn-line", "a damaged line that looks valid and is wrong"},
    {"wrong-device", "sent to a different device than the one that holds the buffer"},
}};

}  // namespace

std::string_view causeName(Cause cause) { return kCauses[static_cast<std::size_t>(cause)].name; }

std::optional<Cause> causeFromName(std::string_view name) {
    for (std::size_t i = 0; i < kCauses.size(); ++i) {
        if (kCauses[i].name == name) return static_cast<Cause>(i);
    }
    return std::nullopt;
}

std::string_view causeWords(Cause cause) { return kCauses[static_cast<std::size_t>(cause)].words; }

Blame blameOf(Cause cause) {
    switch (cause) {
    case Cause::Undetermined: return Blame::Undetermined;
    case Cause::StaleOwner:
    case Cause::TeardownPool:
    case Cause::MeshLevels:
    case Cause::MeshBackingTwice:
    case Cause::ViewFreesParent:
    case Cause::WrongDevice:
    case Cause::SweptProcess: return Blame::Program;
    case Cause::Reordered:
    case Cause::LostAllocation:
    case Cause::OlderThanTracker:
    case Cause::MergedMemories:
    case Cause::StrayMessage:
    case Cause::ProtocolMismatch:
    case Cause::TornLine: return Blame::Tracking;
    }
    return Blame::Undetermined;
}

std::string_view blameWords(Blame blame) {
    static constexpr std::array<std::string_view, kBlameCount> kWords = {"artefact of tracking", "undetermined",
                                                                         "bug of the program"};
    return kWords[static_cast<std::size_t>(blame)];
}

const Verdict* Verdicts::of(FindingId finding) const {
    const auto at = std::lower_bound(rows.begin(), rows.end(), finding,
                                     [](const Verdict& verdict, FindingId id) { return verdict.finding < id; });
    return at != rows.end() && at->finding == finding ? &*at : nullptr;
}

std::string evidenceSentence(const Evidence& evidence) {
    const std::uint32_t n = evidence.number;
    const auto counted = [n](std::string_view word) { return formatQuantity(n, word); };
    switch (evidence.clue) {
    case Clue::ReleasedBefore: return fmt::format("its process made {} since the release", counted("allocation"));
    case Clue::SentByOther: return fmt::format("sent by process {}, which is not the owner", n);
    case Clue::SentByOwner: return "sent by the owner itself";
    case Clue::AtOnce:
        return fmt::format("{} of the process after the release, with no allocation between", counted("event"));
    case Clue::InBurst: return fmt::format("one of {} in a row", counted("refused free"));
    case Clue::NotInBurst: return "not in a row of refused frees";
    case Clue::BehindLastAllocation: return "its process allocates nothing after it";
    case Clue::ProcessGoesOn: return "its process continues to allocate";
    case Clue::InAllocationOrder: return "the row is in the order of allocation";
    case Clue::InReverseOrder: return "the row is in the reverse order of allocation";
    case Clue::SiblingsAlike: return fmt::format("the same on {}", counted("other device"));
    case Clue::SiblingsClean: return fmt::format("no refused free on {} that run in step", counted("other device"));
    case Clue::SiblingsAhead:
        return fmt::format("{} received as many frees, and one more allocation for each refused free",
                           counted("other device"));
    case Clue::SiblingsHaveIt: return fmt::format("the address was allocated on {}", counted("other device"));
    case Clue::EveryGeneration: return fmt::format("as many refused frees in each of {}", counted("generation"));
    case Clue::NotEveryGeneration: return "not as many in all generations of the address";
    case Clue::FirstDeviceOnly:
        return fmt::format("only on the first of the devices in step, for {}",
                           formatQuantity(n, "address", "addresses"));
    case Clue::AllocatedTwice: return "it was allocated again while it was live";
    case Clue::OtherMemory: return "it was allocated in two memories at once";
    case Clue::AllocatedNext: return fmt::format("its process allocates the address {} later", counted("event"));
    case Clue::NextNeverReleased: return "and that allocation is never released";
    case Clue::ReleasedAlready: return "a buffer of this address had been freed before";
    case Clue::FirstOfKey: return "the first event of its address";
    case Clue::Early: return fmt::format("in the first {} % of the trace", n);
    case Clue::Late: return fmt::format("after {} % of the trace", n);
    case Clue::AfterSweep: return "a dead-process sweep had removed it";
    case Clue::NoProcess: return "sent by process 0";
    case Clue::SenderAllocatesNothing: return "its process never allocates";
    case Clue::ManyUnmatched:
        return fmt::format("its process sent {} of addresses that were never allocated", counted("free"));
    case Clue::ManyUnreleased: return fmt::format("and made {} that were never freed", counted("allocation"));
    case Clue::ServerComplains: return fmt::format("the server rejected {}", counted("message"));
    case Clue::LineDamaged: return fmt::format("{} near it", counted("damaged line"));
    case Clue::OnlyEventOfKey: return "its address appears nowhere else";
    case Clue::LiveElsewhere: return fmt::format("the address is live on device {} and on no other", n);
    case Clue::NeverFreedThere: return "and that buffer is never freed";
    case Clue::SameProcessThere: return "the same process allocated that buffer";
    case Clue::MissesAlike: return fmt::format("its process sent {} to a wrong device like this", counted("free"));
    }
    return {};
}

}  // namespace alloclens
