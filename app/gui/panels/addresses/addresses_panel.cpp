// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/addresses/addresses_panel.h"

#include <QObject>

#include <algorithm>

#include "app/gui/look/words.h"
#include "core/base/units.h"

namespace alloclens {
namespace {

constexpr std::size_t kShownLetters = 40;

const AddressSummary& summary(const Analysis& analysis, std::uint32_t row) {
    return analysis.replay.address(AddressId(row));
}

QString signedText(std::int64_t value) { return toQString(formatSignedCount(value)); }

// The smallest and the largest size that the key's lifetimes had.
struct SizeRange {
    std::uint64_t least = kNoSize;
    std::uint64_t most = 0;
};
SizeRange sizesOf(const Analysis& analysis, std::uint32_t row) {
    SizeRange range;
    for (const Lifetime& lifetime : analysis.replay.lifetimesOf(AddressId(row))) {
        if (lifetime.size == kNoSize) continue;
        range.least = std::min(range.least, lifetime.size);
        range.most = std::max(range.most, lifetime.size);
    }
    return range;
}

// Sorts as the first eight letters do.
std::uint64_t lifecycleKey(const Analysis& analysis, std::uint32_t row) {
    std::uint64_t key = 0;
    const auto events = analysis.replay.eventsOf(AddressId(row));
    for (std::size_t i = 0; i < 8; ++i) {
        key <<= 8;
        if (i < events.size()) key |= static_cast<unsigned char>(analysis.replay.letters[events[i].index()]);
    }
    return key;
}

TableColumn count(const QString& title, const QString& tip, std::uint32_t AddressSummary::*field) {
    return {title,
            tip,
            8,
            true,
            [field](const Analysis& a, std::uint32_t row) { return countText(summary(a, row).*field); },
            [field](const Analysis& a, std::uint32_t row) -> std::uint64_t { return summary(a, row).*field; },
            {}};
}

TableColumn balance(const QString& title, const QString& tip, std::int32_t AddressSummary::*field) {
    return {title,
            tip,
            6,
            true,
            [field](const Analysis& a, std::uint32_t row) { return signedText(summary(a, row).*field); },
            [field](const Analysis& a, std::uint32_t row) { return signedKey(summary(a, row).*field); },
            {}};
}

}  // namespace

QString shortLifecycle(const Analysis& analysis, AddressId id, std::size_t most) {
    const auto events = analysis.replay.eventsOf(id);
    QString letters;
    for (std::size_t i = 0; i < std::min(most, events.size()); ++i) {
        letters += letterText(analysis.replay.letters[events[i].index()]);
    }
    if (events.size() > most) letters += QStringLiteral("… (%1)").arg(countText(events.size()));
    return letters;
}

TableSpec addressesTable() {
    TableSpec spec;
    spec.objectName = "addressesView";
    spec.accessibleName = QObject::tr("Addresses");
    spec.rowWord = "address";
    spec.emptyText = QObject::tr("Open a log to list its addresses here. The filter chooses the rows.");
    spec.count = [](const Analysis& a) { return a.trace->addresses.size(); };
    spec.flags = [](const FilterResult& filter) -> const RowFlags& { return filter.addresses; };
    spec.selectedRow = [](const Selection& selection) { return selection.address.value; };
    spec.selection = [](const Analysis& a, std::uint32_t row) { return selectionOf(a, AddressId(row)); };
    spec.columns = {
        {QObject::tr("Device"),
         QObject::tr("Device"),
         6,
         true,
         [](const Analysis& a, std::uint32_t row) { return deviceText(a, AddressId(row)); },
         [](const Analysis&, std::uint32_t row) -> std::uint64_t { return row; },
         {}},
        {QObject::tr("Address"), QObject::tr("Address as the log writes it"), 12, true,
         [](const Analysis& a, std::uint32_t row) { return addressText(a, AddressId(row)); },
         [](const Analysis& a, std::uint32_t row) { return a.key(AddressId(row)).address; },
         [](const Analysis& a, std::uint32_t row) { return otherAddressText(a, AddressId(row)); }},
        count(QObject::tr("Allocations"), QObject::tr("First and aliased allocations"), &AddressSummary::allocations),
        count(QObject::tr("Frees"), QObject::tr("Frees that the tracker accepted"), &AddressSummary::acceptedFrees),
        count(QObject::tr("Refused"), QObject::tr("Frees that the tracker refused"), &AddressSummary::refusedFrees),
        balance(QObject::tr("Lowest"), QObject::tr("Lowest balance: allocations minus frees"),
                &AddressSummary::lowestBalance),
        balance(QObject::tr("Final"), QObject::tr("Balance at the end: allocations minus frees"),
                &AddressSummary::finalBalance),
        count(QObject::tr("Lifetimes"), QObject::tr("How often the address was in use"), &AddressSummary::lifetimes),
        count(QObject::tr("Peak depth"), QObject::tr("Most allocations of the address open at one time"),
              &AddressSummary::peakDepth),
        {QObject::tr("Sizes"), QObject::tr("Size of its lifetimes: smallest and largest"), 18, false,
         [](const Analysis& a, std::uint32_t row) {
             const SizeRange range = sizesOf(a, row);
             if (range.least == kNoSize || range.least == range.most) return sizeText(range.least);
             return sizeText(range.least) + QStringLiteral(" – ") + sizeText(range.most);
         },
         [](const Analysis& a, std::uint32_t row) { return sizesOf(a, row).most; },
         [](const Analysis& a, std::uint32_t row) {
             const SizeRange range = sizesOf(a, row);
             if (range.least == kNoSize || range.least == range.most) return exactSizeText(range.least);
             return exactSizeText(range.least) + QStringLiteral(" to ") + exactSizeText(range.most);
         }},
        {QObject::tr("Lifecycle"),
         QObject::tr(
             "Its events: A allocation, a allocation while live, f partial free, F final free, U refused free, R "
             "sweep"),
         20,
         false,
         [](const Analysis& a, std::uint32_t row) { return shortLifecycle(a, AddressId(row), kShownLetters); },
         lifecycleKey,
         {}},
        {QObject::tr("State"),
         QObject::tr("Its state at the end of the trace"),
         20,
         false,
         [](const Analysis& a, std::uint32_t row) { return addressStateText(summary(a, row)); },
         [](const Analysis& a, std::uint32_t row) {
             const AddressSummary& s = summary(a, row);
             return (std::uint64_t{s.refusedFrees} << 2) | (s.isLiveAtEnd ? 2U : 0U) | (s.wasAbandoned ? 1U : 0U);
         },
         {}},
    };
    return spec;
}

}  // namespace alloclens
