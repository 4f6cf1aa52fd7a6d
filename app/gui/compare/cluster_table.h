// SPDX-License-Identifier: GPL-3.0-or-later
//
// The table of a comparison: what became of each cluster of findings, with a box for each state and a line of words to
// look for. Nothing is selected until a person selects it, so it tells when a row is chosen and not where the cursor
// is.
#pragma once

#include <QWidget>

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "app/gui/compare/clusters_filter.h"
#include "app/gui/compare/compared_runs.h"

class QCheckBox;
class QLineEdit;
class QTableView;

namespace alloclens {

class ClusterTable : public QWidget {
    Q_OBJECT
public:
    explicit ClusterTable(std::shared_ptr<const ComparedRuns> runs, QWidget* parent = nullptr);

    /// The row of the comparison that is selected.
    [[nodiscard]] std::optional<int> selectedRow() const;

    /// How the table is set, to be taken over by one of the same runs the other way round.
    struct Settings {
        ComparedClustersFilter::States shown{};
        QString words;
        int sortColumn = 0;
        Qt::SortOrder order = Qt::AscendingOrder;
        std::string selected;  ///< the signature
    };
    [[nodiscard]] Settings settings() const;
    /// Selects without telling.
    void setSettings(const Settings& settings);

signals:
    void chosen(int row);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    [[nodiscard]] QWidget* filterLine();
    void takeBoxes();

    std::shared_ptr<const ComparedRuns> m_runs;
    ComparedClustersFilter* m_rows;
    QTableView* m_view;
    QLineEdit* m_words = nullptr;
    std::array<QCheckBox*, kClusterStateCount> m_boxes{};  ///< by ClusterState; null where no cluster has it
};

}  // namespace alloclens
