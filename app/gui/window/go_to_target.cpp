// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/window/go_to_target.h"

#include <QObject>

#include <algorithm>

#include "app/gui/look/words.h"
#include "app/gui/window/go_to_words.h"
#include "core/base/units.h"
#include "core/findings/detector.h"

namespace alloclens {
namespace {

constexpr std::size_t kMostTargets = 100;

QString usage() {
    return QObject::tr("A line, an address, \"event 12\", or \"4:0x1000\" or \"0x1000 device 4\" for one device");
}

GoToAnswer wrong(const QString& words) { return {{}, words}; }

// One place says itself; several are to be chosen from.
GoToAnswer answer(std::vector<GoToTarget> targets, const QString& several) {
    QString words = targets.size() == 1 ? targets.front().words : several;
    return {std::move(targets), std::move(words)};
}

GoToTarget lineTarget(std::uint64_t line) {
    return {LineTarget{static_cast<std::uint32_t>(line)}, QObject::tr("line %1").arg(countText(line))};
}

GoToAnswer toLine(std::uint64_t line, const Analysis& analysis) {
    const std::uint64_t lines = analysis.trace->source->lines();
    if (line == 0 || line > lines) return wrong(QObject::tr("The source has lines 1 to %1.").arg(countText(lines)));
    return answer({lineTarget(line)}, {});
}

GoToAnswer toEvent(std::uint64_t number, const Analysis& analysis) {
    const std::uint64_t count = analysis.trace->events.count();
    if (number == 0 || number > count) return wrong(QObject::tr("There are events 1 to %1.").arg(countText(count)));
    const EventId event(static_cast<std::size_t>(number - 1));
    const QString words = QObject::tr("event %1 on line %2")
                              .arg(countText(number), countText(analysis.trace->events.line[event.index()]));
    return answer({{event, words}}, {});
}

QString placeText(AddressId id, const Analysis& analysis) {
    return QObject::tr("address %1 (%2) on device %3")
        .arg(addressText(analysis, id), otherAddressText(analysis, id), deviceText(analysis, id));
}

GoToTarget addressTarget(AddressId id, const Analysis& analysis) { return {id, placeText(id, analysis)}; }

// A finding as reports name it; nothing if the text is no such name.
GoToAnswer toFinding(const QString& text, const Analysis& analysis) {
    const std::string kind = text.section(':', 0, 0).toStdString();
    const auto kinds = findingKinds();
    const bool isName = std::any_of(kinds.begin(), kinds.end(), [&](const auto& info) { return info.name == kind; });
    if (!isName) return {};
    const std::string name = text.toStdString();
    const auto& rows = analysis.findings.rows;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        // The name is made only for what is of the kind: making it costs more than all the rest.
        if (kindInfo(rows[i].kind).name != kind || findingId(analysis.replay, rows[i]) != name) continue;
        const QString words = QObject::tr("%1 on line %2")
                                  .arg(toQString(kindInfo(rows[i].kind).title),
                                       countText(analysis.trace->events.line[rows[i].primary.index()]));
        return answer({{FindingId(i), words}}, {});
    }
    return wrong(QObject::tr("This trace has no finding %1.").arg(text));
}

// Lifetimes that the typed generation is one of.
GoToAnswer toLifetime(const std::vector<AddressId>& keys, std::uint32_t generation, const Analysis& analysis) {
    std::vector<GoToTarget> targets;
    std::uint32_t most = 0;
    for (const AddressId id : keys) {
        const AddressSummary& summary = analysis.replay.address(id);
        most = std::max(most, summary.lifetimes);
        if (generation == 0 || generation > summary.lifetimes) continue;
        const LifetimeId lifetime(summary.firstLifetime.index() + generation - 1);
        targets.push_back({lifetime, QObject::tr("lifetime %1 on device %2")
                                         .arg(lifetimeText(analysis, id, generation), deviceText(analysis, id))});
    }
    if (targets.empty()) {
        return wrong(most == 0 ? QObject::tr("The address has no lifetime in this trace.")
                               : QObject::tr("The address has generations g1 to g%1.").arg(most));
    }
    return answer(targets, QObject::tr("%1 devices have it. Choose one, or name the device.").arg(targets.size()));
}

// The findings of an address, so that one need not look for them there.
void addFindings(std::vector<GoToTarget>& targets, AddressId id, const Analysis& analysis) {
    const auto& rows = analysis.findings.rows;
    for (const EventId event : analysis.replay.eventsOf(id)) {
        auto at = std::lower_bound(rows.begin(), rows.end(), event,
                                   [](const Finding& finding, EventId wanted) { return finding.primary < wanted; });
        for (; at != rows.end() && at->primary == event; ++at) {
            if (at->address != id) continue;
            if (targets.size() >= kMostTargets) return;
            const QString words = QObject::tr("    its %1 on line %2")
                                      .arg(toQString(kindInfo(at->kind).title).toLower(),
                                           countText(analysis.trace->events.line[event.index()]));
            targets.push_back({FindingId(static_cast<std::size_t>(at - rows.begin())), words});
        }
    }
}

// Keys are in the order of devices and addresses.
std::size_t firstKeyFrom(const AddressKey& key, const Analysis& analysis) {
    std::size_t from = 0;
    std::size_t end = analysis.trace->addresses.size();
    while (from < end) {
        const std::size_t middle = (from + end) / 2;
        const AddressKey at = analysis.key(AddressId(middle));
        const bool isBefore = at.device != key.device ? at.device < key.device : at.address < key.address;
        if (isBefore) {
            from = middle + 1;
        } else {
            end = middle;
        }
    }
    return from;
}

std::uint64_t largestSize(AddressId id, const Analysis& analysis) {
    constexpr int kMostLooked = 10'000;
    std::uint64_t most = 0;
    int looked = 0;
    for (const Lifetime& lifetime : analysis.replay.lifetimesOf(id)) {
        if (lifetime.size != kNoSize) most = std::max(most, lifetime.size);
        if (++looked == kMostLooked) break;
    }
    return most;
}

// No buffer begins there: the ones that begin last before it, as far as their sizes reach beyond it.
GoToAnswer toWhatMayContain(const GoToWords& words, const Analysis& analysis) {
    const std::uint64_t address = *words.number;
    const QString text = toQString(formatAddress(address, analysis.trace->addressForm));
    std::vector<GoToTarget> targets;
    const std::size_t count = analysis.trace->addresses.size();
    for (std::size_t first = 0; first < count && targets.size() < kMostTargets;) {
        const std::int32_t device = analysis.key(AddressId(first)).device;
        const std::size_t at = firstKeyFrom({device, address}, analysis);
        if (at > first && (!words.device || *words.device == device)) {
            const AddressId before(at - 1);
            if (address - analysis.key(before).address < largestSize(before, analysis)) {
                targets.push_back(addressTarget(before, analysis));
            }
        }
        first = firstKeyFrom({device, UINT64_MAX}, analysis);
        while (first < count && analysis.key(AddressId(first)).device == device) ++first;
    }
    const QString where = words.device ? QObject::tr("Device %1").arg(*words.device) : QObject::tr("This trace");
    if (targets.empty()) return wrong(QObject::tr("%1 has no buffer at %2.").arg(where, text));
    const QString several = QObject::tr(
                                "%1 has no buffer at %2. It may lie inside one that begins before it. Sizes are "
                                "totals over all banks, so this is not certain.")
                                .arg(where, text);
    return {std::move(targets), several};
}

GoToAnswer toNumber(const GoToWords& words, const Analysis& analysis) {
    std::vector<AddressId> keys = analysis.replay.keysOf(*words.number);
    if (words.device) {
        std::erase_if(keys, [&](AddressId id) { return analysis.key(id).device != *words.device; });
    }
    const bool isAddress = words.isAddress || words.device || words.generation;
    const std::uint64_t lines = analysis.trace->source->lines();
    const bool isLine = !isAddress && *words.number >= 1 && *words.number <= lines;
    if (keys.empty()) return isLine ? toLine(*words.number, analysis) : toWhatMayContain(words, analysis);
    if (words.generation) return toLifetime(keys, *words.generation, analysis);

    std::vector<GoToTarget> targets;
    for (const AddressId id : keys) {
        if (targets.size() < kMostTargets) targets.push_back(addressTarget(id, analysis));
    }
    const QString devices = keys.size() == 1
                                ? QString()
                                : QObject::tr("%1 devices have this address. Choose one, or name the device: "
                                              "\"%2 device %3\".")
                                      .arg(keys.size())
                                      .arg(addressText(analysis, keys.front()), deviceText(analysis, keys.back()));
    if (keys.size() == 1) addFindings(targets, keys.front(), analysis);
    if (isLine) targets.push_back(lineTarget(*words.number));
    return answer(targets, devices.isEmpty() ? targets.front().words + QObject::tr(". Choose one:") : devices);
}

}  // namespace

GoToAnswer parseGoTo(const QString& text, const Analysis& analysis) {
    const QString typed = text.trimmed().toLower();
    if (typed.isEmpty()) return wrong(usage());
    if (GoToAnswer finding = toFinding(typed, analysis); !finding.words.isEmpty()) return finding;
    const GoToWords words = readGoTo(typed);
    if (!words.problem.isEmpty()) return wrong(words.problem + ' ' + usage() + '.');
    const bool isPlace = words.number || words.device || words.generation;
    if ((words.line && words.event) || ((words.line || words.event) && isPlace)) {
        return wrong(QObject::tr("Name a line or an event alone, without address and device."));
    }
    if (words.line) return toLine(*words.line, analysis);
    if (words.event) return toEvent(*words.event, analysis);
    if (!words.number) return wrong(QObject::tr("The address is missing. %1.").arg(usage()));
    return toNumber(words, analysis);
}

}  // namespace alloclens
