// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/go_to_target.h"

#include <QObject>
#include <QStringList>

#include <algorithm>

#include "app/gui/words.h"
#include "core/base/units.h"

namespace alloclens {
namespace {

GoToTarget toLine(std::uint64_t line, const Analysis& analysis) {
    const std::uint64_t lines = analysis.trace->source->lines();
    if (line == 0 || line > lines) return {{}, QObject::tr("The source has lines 1 to %1").arg(countText(lines))};
    return {LineTarget{static_cast<std::uint32_t>(line)}, QObject::tr("line %1").arg(countText(line))};
}

GoToTarget toEvent(std::uint64_t number, const Analysis& analysis) {
    const std::uint64_t count = analysis.trace->events.count();
    if (number == 0 || number > count) return {{}, QObject::tr("There are events 1 to %1").arg(countText(count))};
    const EventId event(static_cast<std::size_t>(number - 1));
    return {event, QObject::tr("event %1 on line %2")
                       .arg(countText(number), countText(analysis.trace->events.line[event.index()]))};
}

// The first device that has it wins.
AddressId findAddress(std::uint64_t address, std::optional<std::int32_t> device, const Analysis& analysis) {
    if (device) return analysis.trace->findAddress({*device, address});
    const std::vector<AddressId> keys = analysis.replay.keysOf(address);
    return keys.empty() ? AddressId{} : keys.front();
}

GoToTarget toAddress(AddressId id, const Analysis& analysis) {
    return {id, QObject::tr("address %1 (%2) on device %3")
                    .arg(addressText(analysis, id), otherAddressText(analysis, id), deviceText(analysis, id))};
}

}  // namespace

GoToTarget parseGoTo(const QString& text, const Analysis& analysis) {
    const GoToTarget nothing{{}, QObject::tr("A line, an address, \"event 12\" or \"4:0x1000\" for one device")};
    QStringList words = text.toLower().replace(':', ' ').split(' ', Qt::SkipEmptyParts);
    if (words.isEmpty()) return nothing;
    QString last = words.takeLast();
    const bool hash = last.startsWith('#');
    if (hash) last.remove(0, 1);
    const auto number = parseUnsigned(last.toStdString());
    if (!number) return nothing;
    if (hash || words.contains("event")) return toEvent(*number, analysis);
    if (words.contains("line")) return toLine(*number, analysis);

    std::optional<std::int32_t> device;
    bool isDevice = false;
    if (!words.isEmpty()) device = words.last().toInt(&isDevice);
    if (!isDevice) device.reset();
    const AddressId address = findAddress(*number, device, analysis);
    if (address.isValid()) return toAddress(address, analysis);
    if (device) return {{}, QObject::tr("Device %1 has no address %2 in this trace").arg(*device).arg(last)};
    if (last.startsWith("0x") || words.contains("address") || *number > analysis.trace->source->lines()) {
        return {{}, QObject::tr("This trace has no address %1").arg(last)};
    }
    return toLine(*number, analysis);
}

}  // namespace alloclens
