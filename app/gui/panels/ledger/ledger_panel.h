// SPDX-License-Identifier: GPL-3.0-or-later
//
// How far the log can be trusted: the grade, the first line that departs from what the lines before it add up to, every
// check, and what does not hold. Shown while the panel is in sight; of a file that grows, what is read so far.
#pragma once

#include <QWidget>

#include <memory>

#include "app/gui/document/view_state.h"
#include "core/ledger/ledger.h"

class QLabel;
class QSplitter;
class QTableView;

namespace alloclens {

class EmptyNote;
class LedgerChecksModel;
class LedgerFailuresModel;

class LedgerPanel : public QWidget {
    Q_OBJECT
public:
    LedgerPanel(ViewState& state, QWidget* parent = nullptr);

    /// The ledger that is shown; null while there is none.
    [[nodiscard]] const std::shared_ptr<const Ledger>& ledger() const { return m_ledger; }

signals:
    /// A line is wanted in the source.
    void lineRequested(std::uint32_t line);

protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void connectViews();
    void refresh();
    void show(std::shared_ptr<const Ledger> ledger);
    void describe();

    ViewState& m_state;
    LedgerChecksModel* m_checks;
    LedgerFailuresModel* m_failures;
    QLabel* m_head;
    QSplitter* m_splitter = nullptr;
    QTableView* m_checksView = nullptr;
    QTableView* m_failuresView = nullptr;
    EmptyNote* m_empty = nullptr;
    std::shared_ptr<const Ledger> m_ledger;
};

}  // namespace alloclens
