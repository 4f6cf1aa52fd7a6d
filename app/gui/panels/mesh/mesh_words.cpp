// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/mesh/mesh_words.h"

#include <QObject>
#include <QStringList>

#include "app/gui/look/words.h"
#include "app/gui/panels/mesh/mesh_cell.h"
#include "core/wording/story.h"

namespace alloclens {
namespace {

QString otherForm(AddressForm form, std::uint64_t address) {
    return toQString(
        formatAddress(address, form == AddressForm::Decimal ? AddressForm::Hexadecimal : AddressForm::Decimal));
}

QString firstText(const Analysis& analysis, std::uint32_t divergence) {
    const FindingId finding = analysis.findings.mesh.divergences[divergence].finding;
    const EventId event = analysis.findings.row(finding).primary;
    return QObject::tr("%1\nfirst at line %2")
        .arg(toQString(meshSentence(analysis, finding)), countText(analysis.trace->events.line[event.index()]));
}

}  // namespace

QString deviceRangesText(const std::vector<std::int32_t>& devices) {
    QStringList parts;
    for (std::size_t first = 0, end = 0; first < devices.size(); first = end) {
        end = first + 1;
        while (end < devices.size() && devices[end] == devices[end - 1] + 1) ++end;
        const QString from = toQString(deviceText(devices[first]));
        const QString to = toQString(deviceText(devices[end - 1]));
        constexpr std::size_t kRun = 3;  // two are named one by one
        if (end - first >= kRun) {
            parts += QObject::tr("%1 to %2").arg(from, to);
        } else {
            for (std::size_t i = first; i < end; ++i) parts += toQString(deviceText(devices[i]));
        }
    }
    return parts.join(QStringLiteral(", "));
}

QString meshName(const Mesh& mesh) { return QObject::tr("devices %1").arg(deviceRangesText(mesh.devices)); }

QString meshHeadText(const Mesh& mesh, const MeshMatrix& matrix) {
    const std::uint64_t compared = mesh.addressesAlike + mesh.addressesApart;
    QString text = QObject::tr("%1 run in step (%2). Of %3 compared, %4 are the same on all; at %5 some differ")
                       .arg(quantityText(mesh.devices.size(), "device"), deviceRangesText(mesh.devices),
                            quantityText(compared, "address", "addresses"), countText(mesh.addressesAlike),
                            countText(mesh.addressesApart));
    text += QObject::tr(" (%1)").arg(quantityText(matrix.divergences() + matrix.hidden(), "divergence"));
    if (mesh.addressesOther > 0) text += QObject::tr(". %1 not comparable").arg(countText(mesh.addressesOther));
    if (matrix.hidden() > 0)
        text += QObject::tr(". The filter hides %1").arg(quantityText(matrix.hidden(), "divergence"));
    return text + '.';
}

QString noMeshText(const Analysis& analysis) {
    if (analysis.replay.devices.size() < 2)
        return QObject::tr("This log has only one device. There is nothing to compare it with.");
    return QObject::tr("No devices of this log run in step: no two have the same allocations and frees\n"
                       "at half of their addresses.");
}

QString noDivergenceText(const Mesh& mesh, const MeshMatrix& matrix) {
    if (matrix.hidden() > 0)
        return QObject::tr("The filter hides %1 of this mesh.").arg(quantityText(matrix.hidden(), "divergence"));
    const QString agreed = QObject::tr("The devices agree at all of %1 that can be compared.")
                               .arg(quantityText(mesh.addressesAlike, "address", "addresses"));
    return agreed;
}

QString meshCellText(const Analysis& analysis, const MeshMatrix& matrix, std::size_t row, MeshMap::Columns columns) {
    const AddressForm form = analysis.trace->addressForm;
    const auto addressAt = [&](std::size_t column) {
        return toQString(formatAddress(matrix.addresses()[column], form));
    };
    const MeshMatrix::Sum sum = matrix.sum(row, columns.from, columns.to);
    const QString device = QObject::tr("device %1").arg(toQString(deviceText(matrix.devices()[row])));
    if (columns.to - columns.from == 1) {
        const QString key = QObject::tr("%1 · %2 (%3)")
                                .arg(device, addressAt(columns.from),
                                     otherForm(form, matrix.addresses()[columns.from]));
        if (sum.cells == 0) return QObject::tr("%1\nin step").arg(key);
        return QObject::tr("%1\ndifference %2: %3").arg(key, residualText(sum), firstText(analysis, sum.first));
    }
    const QString stretch = QObject::tr("%1 · %2 to %3")
                                .arg(device, addressAt(columns.from), addressAt(columns.to - 1));
    const QString all = quantityText(columns.to - columns.from, "address", "addresses");
    if (sum.cells == 0) return QObject::tr("%1\nin step at all of %2").arg(stretch, all);
    return QObject::tr("%1\ndifference %2, at %3 of %4\nfirst difference: %5")
        .arg(stretch, residualText(sum), countText(sum.cells), all, firstText(analysis, sum.first));
}

}  // namespace alloclens
