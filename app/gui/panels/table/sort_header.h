// SPDX-License-Identifier: GPL-3.0-or-later
//
// The heading of a table that can be sorted by each column. The sign of the order is part of the text, away from the
// numbers' side, so that it covers no letter: an arrow up for ascending, down for descending.
#pragma once

#include <QHeaderView>

namespace alloclens {

class SortHeader : public QHeaderView {
    Q_OBJECT
public:
    explicit SortHeader(QWidget* parent);

protected:
    void initStyleOptionForIndex(QStyleOptionHeader* option, int section) const override;
};

/// A heading with the sign of its order: "Line ▴"; before the text where that is aligned to the right.
[[nodiscard]] QString sortedTitle(const QString& title, Qt::Alignment alignment, Qt::SortOrder order);

}  // namespace alloclens
