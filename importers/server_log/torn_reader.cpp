// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/torn_reader.h"

#include "importers/server_log/residue.h"

namespace alloclens::server_log {

using Likeness = ForeignShapes::Likeness;

TornReader::TornReader(const LogWindow& window, const ForeignShapes& shapes, const KnownNames& names,
                       const DraftedEvents& drafted, const KeyHistory& history)
    : m_window(window), m_shapes(shapes), m_drafted(drafted), m_history(history) {
    m_any.hasPid = [&names](std::int32_t pid) { return names.hasPid(pid); };
    m_any.hasDevice = [&names](std::int32_t device) { return names.hasDevice(device); };
    m_clean = m_any;
    m_clean.canBeLeft = [this](std::string_view before, std::string_view behind) {
        m_left.assign(before).append(behind);
        return likenessOfLines(m_left, m_shapes) != Likeness::None;
    };
    m_cutting = m_clean;
    m_cutting.cutsWholeNumbers = true;
}

void TornReader::forEachKey(const TornExtent& extent, const std::function<void(const AddressKey&)>& visit) {
    for (const ReadingFilter* filter : {&m_cutting, &m_any}) {
        (void)forEachReading(m_window.text(), extent.head, extent.end, *filter, m_budget,
                             [&visit](const TornReading& reading) { visit(reading.match.event.key); });
    }
}

std::optional<TornReading> TornReader::read(const TornExtent& extent, EventPlace place) {
    // Where no reading leaves text like other lines, one that the log confirms may do all the same.
    BestReadings best;
    for (const ReadingFilter* filter : {&m_clean, &m_cutting, &m_any}) {
        if (filter == &m_any && !best.readings().empty()) break;
        best = {};
        if (!findBest(extent, place, *filter, best)) return std::nullopt;
        if (best.isConfirmed()) break;
    }
    if (best.readings().empty()) return std::nullopt;
    if (best.isClear()) return best.readings().front();
    return theOneWithSiblings(best.readings(), place);
}

// False if the budget is too small.
bool TornReader::findBest(const TornExtent& extent, EventPlace place, const ReadingFilter& filter, BestReadings& best) {
    const bool isLast = &filter == &m_any;
    return forEachReading(m_window.text(), extent.head, extent.end, filter, m_budget, [&](const TornReading& reading) {
        const Fit fit = m_history.fit(reading.match.event, place);
        if (!best.canTake(fit)) return;
        if (fit == Fit::No) return best.doubt(isLast ? ReadingRank::None : rankOf(reading, Fit::Weak, extent));
        best.offer(isLast && fit == Fit::Strong ? ReadingRank::Strong : rankOf(reading, fit, extent), reading);
    });
}

// What goes to all devices of a mesh is printed for one after the other. Of several readings that fit alike, that one
// is true that does on its device what is done on others right before or behind it.
std::optional<TornReading> TornReader::theOneWithSiblings(const std::vector<TornReading>& readings,
                                                          EventPlace place) const {
    std::optional<TornReading> found;
    for (const TornReading& reading : readings) {
        if (!m_drafted.hasSibling(reading.match.event, static_cast<std::size_t>(place.number / 2))) continue;
        if (found) return std::nullopt;
        found = reading;
    }
    return found;
}

std::optional<TornReading> TornReader::readByText(const TornExtent& extent) {
    BestReadings best;
    const bool isComplete = forEachReading(m_window.text(), extent.head, extent.end, m_clean, m_budget,
                                           [&](const TornReading& reading) {
                                               const ReadingRank rank = rankOf(reading, Fit::Weak, extent);
                                               if (rank == ReadingRank::WeakExact) best.offer(rank, reading);
                                           });
    if (!isComplete || best.readings().size() != 1) return std::nullopt;
    return best.readings().front();
}

ReadingRank TornReader::rankOf(const TornReading& reading, Fit fit, const TornExtent& extent) const {
    const Residue residue = residueOf(m_window.text(), extent.from, reading, m_shapes);
    if (fit == Fit::Strong) {
        if (residue.likeness == Likeness::Exact) return ReadingRank::StrongExact;
        return residue.likeness == Likeness::Loose ? ReadingRank::StrongLoose : ReadingRank::Strong;
    }
    if (residue.likeness == Likeness::Exact && residue.isCutSurely) return ReadingRank::WeakExact;
    return residue.likeness != Likeness::None ? ReadingRank::WeakLoose : ReadingRank::None;
}

}  // namespace alloclens::server_log
