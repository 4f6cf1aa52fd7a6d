// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/ledger/ledger_checks_model.h"

#include <QFont>

#include <algorithm>

#include "app/gui/look/theme.h"
#include "app/gui/look/words.h"

namespace alloclens {
namespace {

enum Outcome { Fails, Holds, NothingToHold };

Outcome outcomeOf(const Ledger& ledger, CheckKind kind) {
    const auto i = static_cast<std::size_t>(kind);
    if (ledger.failed[i] > 0) return Fails;
    return ledger.passed[i] > 0 ? Holds : NothingToHold;
}

// What a failure of the check says of the log.
QString explanationText(Explanation explanation) {
    switch (explanation) {
    case Explanation::MissingLine: return QObject::tr("One missing line is enough to make it fail.");
    case Explanation::ChangedNumber: return QObject::tr("No single missing line makes it fail: a number is false.");
    case Explanation::EarlierFailure:
        return QObject::tr("An earlier missing line can make it fail; if none is missing, a number is false.");
    }
    return {};
}

}  // namespace

LedgerChecksModel::LedgerChecksModel(QObject* parent) : QAbstractTableModel(parent) {}

void LedgerChecksModel::show(std::shared_ptr<const Ledger> ledger) {
    beginResetModel();
    m_ledger = std::move(ledger);
    m_rows.clear();
    if (m_ledger) {
        for (std::size_t i = 0; i < kCheckKindCount; ++i) m_rows.push_back(static_cast<CheckKind>(i));
        std::stable_sort(m_rows.begin(), m_rows.end(), [this](CheckKind a, CheckKind b) {
            return outcomeOf(*m_ledger, a) < outcomeOf(*m_ledger, b);
        });
    }
    endResetModel();
}

CheckKind LedgerChecksModel::checkAt(const QModelIndex& index) const {
    return m_rows[static_cast<std::size_t>(index.row())];
}

int LedgerChecksModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int LedgerChecksModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QString LedgerChecksModel::text(CheckKind kind, int column) const {
    const auto i = static_cast<std::size_t>(kind);
    const Outcome outcome = outcomeOf(*m_ledger, kind);
    const auto count = [outcome](std::uint64_t number) {
        return outcome == NothingToHold ? QString() : countText(number);
    };
    switch (column) {
    case What: return toQString(checkInfo(kind).title);
    case State:
        return outcome == Fails ? tr("fails") : outcome == Holds ? tr("holds") : tr("nothing to compare it with");
    case Held: return count(m_ledger->passed[i]);
    case Failed: return count(m_ledger->failed[i]);
    case Name: return toQString(checkInfo(kind).name);
    default: return {};
    }
}

QVariant LedgerChecksModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || !m_ledger) return {};
    const CheckKind kind = checkAt(index);
    switch (role) {
    case Qt::DisplayRole: return text(kind, index.column());
    case Qt::ToolTipRole: return explanationText(checkInfo(kind).explanation);
    case Qt::TextAlignmentRole: return headerData(index.column(), Qt::Horizontal, role);
    case Qt::ForegroundRole:
        if (outcomeOf(*m_ledger, kind) != NothingToHold && index.column() != Name) return {};
        return Theme::current().mutedText;
    case Qt::FontRole: {
        if (outcomeOf(*m_ledger, kind) != Fails || index.column() == Name) return {};
        QFont font;
        font.setWeight(QFont::DemiBold);
        return font;
    }
    default: return {};
    }
}

QVariant LedgerChecksModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    const bool isNumber = section == Held || section == Failed;
    if (role == Qt::TextAlignmentRole) return int((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case What: return tr("Check");
    case State: return tr("Result");
    case Held: return tr("Held");
    case Failed: return tr("Failed");
    case Name: return tr("Name");
    default: return {};
    }
}

}  // namespace alloclens
