// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/findings/suspicion.h"

#include <fmt/format.h>

#include "core/base/units.h"

namespace alloclens {

std::string suspectSentence(const SuspectEvidence& evidence) {
    const auto count = static_cast<std::uint64_t>(evidence.number);
    switch (evidence.clue) {
    case SuspectClue::SentByEarlierOwner:
        return fmt::format("sent by process {}, the owner of the previous allocation", evidence.number);
    case SuspectClue::SentByOther: return fmt::format("sent by process {}, which is not the owner", evidence.number);
    case SuspectClue::SentByOwner: return "sent by the owner itself";
    case SuspectClue::RefusedIsByOwner: return "the last owner sent the refused free";
    case SuspectClue::RefusedIsByOther:
        return fmt::format("process {} sent the refused free and does not own the allocation", evidence.number);
    case SuspectClue::LengthsFit:
        return fmt::format("lifetimes of this size and process last about {}; this one was shorter",
                           formatQuantity(count, "event"));
    case SuspectClue::LengthsDoNotFit:
        return fmt::format("it ended a lifetime of the usual length for this size and process, about {}",
                           formatQuantity(count, "event"));
    case SuspectClue::SiblingsLater:
        return fmt::format("{} in step released the address later", formatQuantity(count, "other device"));
    case SuspectClue::SiblingsAtOnce:
        return fmt::format("{} in step released the address at the same time", formatQuantity(count, "other device"));
    }
    return {};
}

}  // namespace alloclens
