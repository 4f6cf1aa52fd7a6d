// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/findings/findings_model.h"

#include <QStringList>

#include <algorithm>
#include <iterator>

#include "app/gui/look/theme.h"
#include "app/gui/look/verdict_mark.h"
#include "app/gui/look/words.h"
#include "app/gui/panels/addresses/addresses_panel.h"
#include "app/gui/panels/mesh/mesh_words.h"

namespace alloclens {
namespace {

constexpr std::size_t kShownLetters = 40;

// An index's internal id: the level in the low two bits, the row of the parent above them.
enum Level : quintptr { ClusterLevel = 0, GroupLevel = 1, FindingLevel = 2 };

QString causeText(const Analysis& analysis, const Finding& finding) {
    const auto row = static_cast<std::size_t>(&finding - analysis.findings.rows.data());
    const Verdict* verdict = analysis.findings.verdicts.of(FindingId(row));
    if (verdict == nullptr) return {};
    if (verdict->cause == Cause::Undetermined) return QObject::tr("undetermined");
    return QObject::tr("%1 (%2 %)").arg(toQString(causeName(verdict->cause))).arg(verdict->confidence);
}

QString memoriesText(std::uint32_t memories) {
    QStringList names;
    for (int i = 0; i < kMemoryCount; ++i) {
        if ((memories >> i & 1U) != 0) names += memoryText(static_cast<Memory>(i));
    }
    return names.join(QStringLiteral(", "));
}

// "4", "0 to 7", "0, 2, none".
QString devicesText(const std::vector<std::int32_t>& devices) {
    std::vector<std::int32_t> named;
    std::copy_if(devices.begin(), devices.end(), std::back_inserter(named),
                 [](std::int32_t device) { return device != kNoDevice; });
    QStringList parts;
    if (!named.empty()) parts += deviceRangesText(named);
    if (named.size() < devices.size()) parts += toQString(deviceText(kNoDevice));
    return parts.join(QStringLiteral(", "));
}

Level levelOf(const QModelIndex& index) { return static_cast<Level>(index.internalId() & 3); }
std::size_t parentOf(const QModelIndex& index) { return static_cast<std::size_t>(index.internalId() >> 2); }
quintptr idOf(Level level, std::size_t parent) { return (static_cast<quintptr>(parent) << 2) | level; }

}  // namespace

FindingsModel::FindingsModel(QObject* parent) : QAbstractItemModel(parent) {}

void FindingsModel::show(std::shared_ptr<const FindingTree> tree) {
    beginResetModel();
    m_tree = std::move(tree);
    endResetModel();
}

const FindingTree::Group* FindingsModel::groupAt(const QModelIndex& index) const {
    if (!m_tree || !index.isValid() || levelOf(index) == ClusterLevel) return nullptr;
    if (levelOf(index) == FindingLevel) return &m_tree->groups[parentOf(index)];
    return &m_tree->groups[m_tree->clusters[parentOf(index)].firstGroup + static_cast<std::size_t>(index.row())];
}

FindingId FindingsModel::findingAt(const QModelIndex& index) const {
    const FindingTree::Group* group = groupAt(index);
    if (group == nullptr) return {};
    const std::uint32_t offset = levelOf(index) == FindingLevel ? static_cast<std::uint32_t>(index.row()) : 0;
    return FindingId(m_tree->order[group->first + offset]);
}

QModelIndex FindingsModel::indexOf(FindingId id) const {
    if (!m_tree || !id.isValid() || id.index() >= m_tree->groupOf.size()) return {};
    const std::uint32_t group = m_tree->groupOf[id.index()];
    if (group == FindingId::kNoneValue) return {};
    const FindingTree::Group& of = m_tree->groups[group];
    if (of.count == 1) {
        return createIndex(static_cast<int>(group - m_tree->clusters[of.cluster].firstGroup), 0,
                           idOf(GroupLevel, of.cluster));
    }
    std::uint32_t row = 0;
    while (row + 1 < of.count && m_tree->order[of.first + row] != id.value) ++row;
    return createIndex(static_cast<int>(row), 0, idOf(FindingLevel, group));
}

QModelIndex FindingsModel::index(int row, int column, const QModelIndex& parent) const {
    if (!hasIndex(row, column, parent)) return {};
    if (!parent.isValid()) return createIndex(row, column, idOf(ClusterLevel, 0));
    if (levelOf(parent) == ClusterLevel) {
        return createIndex(row, column, idOf(GroupLevel, static_cast<std::size_t>(parent.row())));
    }
    const std::size_t group = m_tree->clusters[parentOf(parent)].firstGroup + static_cast<std::size_t>(parent.row());
    return createIndex(row, column, idOf(FindingLevel, group));
}

QModelIndex FindingsModel::parent(const QModelIndex& child) const {
    if (!child.isValid() || levelOf(child) == ClusterLevel) return {};
    if (levelOf(child) == GroupLevel) return createIndex(static_cast<int>(parentOf(child)), 0, idOf(ClusterLevel, 0));
    const std::size_t group = parentOf(child);
    const std::uint32_t cluster = m_tree->groups[group].cluster;
    return createIndex(static_cast<int>(group - m_tree->clusters[cluster].firstGroup), 0, idOf(GroupLevel, cluster));
}

int FindingsModel::rowCount(const QModelIndex& parent) const {
    if (!m_tree || parent.column() > 0) return 0;
    if (!parent.isValid()) return static_cast<int>(m_tree->clusters.size());
    if (levelOf(parent) == ClusterLevel) {
        return static_cast<int>(m_tree->clusters[static_cast<std::size_t>(parent.row())].groupCount);
    }
    if (levelOf(parent) == FindingLevel) return 0;
    const std::uint32_t count = groupAt(parent)->count;
    return count == 1 ? 0 : static_cast<int>(count);
}

int FindingsModel::columnCount(const QModelIndex&) const { return ColumnCount; }

bool FindingsModel::hasChildren(const QModelIndex& parent) const { return rowCount(parent) > 0; }

// What its findings that are shown have in common, or from where to where it goes.
QString FindingsModel::clusterText(const FindingTree::ClusterRow& row, int column) const {
    const Cluster& cluster = m_tree->cluster(row);
    switch (column) {
    case What: return clusterTitle(row);
    case Device: return devicesText(row.devices);
    case MemoryColumn: return memoriesText(row.memories);
    case Size:
        if (row.leastSize == kNoSize || row.leastSize == row.mostSize) return sizeText(row.leastSize);
        return tr("to %1").arg(sizeText(row.mostSize));
    case Processes: return pidText(cluster.pid);
    case Line: return countText(row.firstLine);
    case Count: return countText(row.findingCount);
    case CauseColumn:
        return isRefusedFree(m_tree->finding(m_tree->groups[row.firstGroup].first))
                   ? toQString(causeName(cluster.cause))
                   : QString();
    default: return {};
    }
}

QString FindingsModel::clusterTitle(const FindingTree::ClusterRow& row) const {
    const Cluster& cluster = m_tree->cluster(row);
    const QString text = tr("%1: %2").arg(toQString(kindInfo(cluster.kind).title), toQString(cluster.sentence));
    if (row.findingCount == cluster.count) return text;
    return tr("%1 (%2 shown)").arg(text, countText(row.findingCount));
}

QString FindingsModel::groupText(const FindingTree::Group& group, int column) const {
    const Finding& first = m_tree->finding(group.first);
    if (group.count == 1) return findingText(first, column);
    switch (column) {
    case What: return addressText(*m_tree->analysis, group.address);
    case Device: return deviceText(*m_tree->analysis, group.address);
    case MemoryColumn: return memoryText(first.memory);
    case Line: return countText(m_tree->analysis->trace->events.line[first.primary.index()]);
    case Count: return countText(group.count);
    case Lifecycle: return shortLifecycle(*m_tree->analysis, group.address, kShownLetters);
    default: return {};
    }
}

QString FindingsModel::findingText(const Finding& finding, int column) const {
    const Analysis& analysis = *m_tree->analysis;
    switch (column) {
    case What: {
        if (!finding.address.isValid()) return toQString(kindInfo(finding.kind).title);
        const QString name = lifetimeText(analysis, finding.address, finding.generation);
        return finding.ordinal > 1 ? tr("%1  no. %2").arg(name).arg(finding.ordinal) : name;
    }
    case Device: return deviceText(analysis, finding.address);
    case MemoryColumn: return memoryText(finding.memory);
    case Size: return sizeText(finding.size);
    case Processes: return findingPidsText(analysis, finding);
    case Line: return countText(analysis.trace->events.line[finding.primary.index()]);
    case CauseColumn: return causeText(analysis, finding);
    case Lifecycle:
        return finding.address.isValid() ? shortLifecycle(analysis, finding.address, kShownLetters) : QString();
    default: return {};
    }
}

std::optional<Cause> FindingsModel::causeAt(const QModelIndex& index) const {
    if (!m_tree || !index.isValid()) return std::nullopt;
    const Findings& findings = m_tree->analysis->findings;
    if (levelOf(index) == ClusterLevel) {
        const FindingTree::ClusterRow& row = m_tree->clusters[static_cast<std::size_t>(index.row())];
        if (!isRefusedFree(m_tree->finding(m_tree->groups[row.firstGroup].first))) return std::nullopt;
        return findings.clusters[row.cluster.index()].cause;
    }
    if (levelOf(index) == GroupLevel && groupAt(index)->count > 1) return std::nullopt;
    const Verdict* verdict = findings.verdicts.of(findingAt(index));
    return verdict == nullptr ? std::nullopt : std::optional(verdict->cause);
}

// The mark that refused frees have on the timeline: of a cluster before its sentence, of one before its cause.
QVariant FindingsModel::mark(const QModelIndex& index) const {
    if (index.column() != (levelOf(index) == ClusterLevel ? What : CauseColumn)) return {};
    const std::optional<Cause> cause = causeAt(index);
    return cause ? markIcon(Theme::current(), blameOf(*cause)) : QVariant();
}

QString FindingsModel::tooltip(const QModelIndex& index) const {
    if (levelOf(index) == ClusterLevel) {
        const FindingTree::ClusterRow& row = m_tree->clusters[static_cast<std::size_t>(index.row())];
        const Cluster& cluster = m_tree->cluster(row);
        if (index.column() == Line) return tr("Its first finding is on this line");
        if (index.column() == Size && row.leastSize != row.mostSize && row.leastSize != kNoSize) {
            return tr("%1 to %2").arg(exactSizeText(row.leastSize), exactSizeText(row.mostSize));
        }
        return toQString(cluster.sentence + ".\n" + std::string(kindInfo(cluster.kind).help));
    }
    if (index.column() == CauseColumn) {
        const Verdict* verdict = m_tree->analysis->findings.verdicts.of(findingAt(index));
        if (verdict == nullptr) return {};
        return tr("%1: %2").arg(toQString(blameWords(blameOf(verdict->cause))), toQString(causeWords(verdict->cause)));
    }
    if (index.column() == What) return otherAddressText(*m_tree->analysis, groupAt(index)->address);
    if (index.column() == Size) return exactSizeText(m_tree->analysis->findings.row(findingAt(index)).size);
    return {};
}

QVariant FindingsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || !m_tree) return {};
    switch (role) {
    case Qt::DisplayRole:
        if (levelOf(index) == ClusterLevel) {
            return clusterText(m_tree->clusters[static_cast<std::size_t>(index.row())], index.column());
        }
        if (levelOf(index) == GroupLevel) return groupText(*groupAt(index), index.column());
        return findingText(m_tree->analysis->findings.row(findingAt(index)), index.column());
    case Qt::DecorationRole: return mark(index);
    case Qt::ToolTipRole: return tooltip(index);
    case Qt::TextAlignmentRole: return headerData(index.column(), Qt::Horizontal, role);
    default: return {};
    }
}

QVariant FindingsModel::headingTip(int section) {
    switch (section) {
    case Size: return tr("Size as the log prints it, over all banks; for a cluster, the largest");
    case Processes: return tr("Processes on its lines; for a cluster, the process at fault");
    case Line: return tr("Line of the fault; for a cluster, the first line");
    case Count: return tr("Findings in the row that the filter shows");
    case CauseColumn: return tr("Most likely cause of a refused free, with its confidence");
    case Lifecycle:
        return tr(
            "Events of the address: A allocation, a allocation while live, f partial free, F final free, U refused "
            "free, R sweep");
    default: return {};
    }
}

QVariant FindingsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    const bool isNumber = section == Device || section == Size || section == Line || section == Count;
    if (role == Qt::TextAlignmentRole) return int((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole) return headingTip(section);
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case What: return tr("Finding");
    case Device: return tr("Device");
    case MemoryColumn: return tr("Memory");
    case Size: return tr("Size");
    case Processes: return tr("Processes");
    case Line: return tr("Line");
    case Count: return tr("Count");
    case CauseColumn: return tr("Cause");
    case Lifecycle: return tr("Lifecycle");
    default: return {};
    }
}

}  // namespace alloclens
