// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an empty list says in its middle: what would fill it. Shows itself while the view's model has no rows. Owned by
// the view.
#pragma once

#include <QLabel>

class QAbstractItemView;

namespace alloclens {

class EmptyNote : public QLabel {
    Q_OBJECT
public:
    EmptyNote(QAbstractItemView& view, const QString& text);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void place();

    QAbstractItemView& m_view;
};

}  // namespace alloclens
