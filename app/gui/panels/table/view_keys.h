// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two things that every list of the window does alike: the keys that move within a list stay with it although the
// window uses them too (Home shows the whole trace elsewhere), and Ctrl+C copies the selected rows as lines of
// tab-separated values.
#pragma once

#include <QObject>
#include <QString>

#include <functional>

class QAbstractItemView;
class QModelIndex;

namespace alloclens {

class ViewKeys : public QObject {
    Q_OBJECT
public:
    /// Watches over `view`, which owns it; also gives the view its context menu.
    explicit ViewKeys(QAbstractItemView& view);

    void copy() const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    [[nodiscard]] QString rowsToCopy() const;

    QAbstractItemView& m_view;
};

/// Calls `chosen` with the current row when somebody makes another one current and selects it. A view that gets the
/// focus makes its first row current by itself, which chooses nothing. After setModel; owned by the view.
void whenChosen(QAbstractItemView& view, const std::function<void(const QModelIndex&)>& chosen);

/// The selected rows with their headings, at most `mostRows`; a last line says if there were more.
[[nodiscard]] QString selectedRowsAsText(const QAbstractItemView& view, int mostRows);

}  // namespace alloclens
