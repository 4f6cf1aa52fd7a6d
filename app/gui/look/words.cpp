// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/look/words.h"

#include <QStringList>
#include <QTextDocument>

#include "core/base/showable.h"
#include "core/base/time_units.h"
#include "core/base/units.h"
#include "core/wording/story.h"

namespace alloclens {
namespace {

const QString kNothing = QStringLiteral("–");

}  // namespace

QString toQString(std::string_view text) { return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())); }

QString tipText(const QString& text) {
    const QString shown = toQString(showableLines(text.toStdString()));
    return Qt::mightBeRichText(shown) ? Qt::convertFromPlainText(shown) : shown;
}

QString countText(std::uint64_t count) { return toQString(formatCount(count)); }

QString quantityText(std::uint64_t count, std::string_view singular, std::string_view plural) {
    return toQString(formatQuantity(count, singular, plural));
}

QString eventNumberText(EventId id) { return countText(std::uint64_t{id.value} + 1); }

QString sizeText(std::uint64_t size) { return size == kNoSize ? kNothing : toQString(formatBytes(size)); }

QString exactSizeText(std::uint64_t size) {
    return size == kNoSize ? QStringLiteral("the log gives no size") : countText(size) + QStringLiteral(" bytes");
}

QString offsetText(const Trace& trace, EventId event) {
    const std::int64_t time = trace.events.timeOf(event);
    if (time == kNoTime) return kNothing;
    return toQString(formatSeconds(timeBetween(trace.timeIndex.start(), time)));
}

QString pidText(std::int32_t pid) { return pid == kNoPid ? kNothing : QString::number(pid); }

QString memoryText(Memory memory) { return memory == Memory::Unknown ? kNothing : toQString(memoryName(memory)); }

QString deviceText(const Analysis& analysis, AddressId id) {
    return id.isValid() ? toQString(deviceText(analysis.key(id).device)) : kNothing;
}

QString addressText(const Analysis& analysis, AddressId id) {
    return id.isValid() ? toQString(analysis.addressText(id)) : kNothing;
}

QString otherAddressText(const Analysis& analysis, AddressId id) {
    if (!id.isValid()) return {};
    const auto other = analysis.trace->addressForm == AddressForm::Decimal ? AddressForm::Hexadecimal
                                                                           : AddressForm::Decimal;
    return toQString(formatAddress(analysis.key(id).address, other));
}

QString lifetimeText(const Analysis& analysis, AddressId id, std::uint32_t generation) {
    return id.isValid() ? toQString(analysis.lifetimeText(id, generation)) : kNothing;
}

QString eventKindText(EventKind kind) { return toQString(eventKindName(kind)).replace('-', ' '); }

QString letterText(Letter letter) { return QString(QLatin1Char(static_cast<char>(letter))); }

QString addressStateText(const AddressSummary& summary) {
    QStringList parts;
    if (summary.isOverFreed()) parts += quantityText(summary.refusedFrees, "refused free");
    if (summary.isLiveAtEnd) parts += QStringLiteral("live at the end");
    if (summary.wasAbandoned) parts += QStringLiteral("a lifetime was cut off");
    return parts.isEmpty() ? QStringLiteral("balanced") : parts.join(QStringLiteral(", "));
}

QString findingPidsText(const Analysis& analysis, const Finding& finding) {
    QStringList pids;
    for (const std::int32_t pid : findingPids(analysis.replay, analysis.findings, finding)) pids += pidText(pid);
    return pids.isEmpty() ? kNothing : pids.join(QStringLiteral(", "));
}

}  // namespace alloclens
