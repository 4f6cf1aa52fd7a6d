// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/look/empty_note.h"

#include <QAbstractItemModel>
#include <QAbstractItemView>
#include <QEvent>

namespace alloclens {

EmptyNote::EmptyNote(QAbstractItemView& view, const QString& text) : QLabel(text, view.viewport()), m_view(view) {
    setAlignment(Qt::AlignCenter);
    setWordWrap(true);
    setMargin(16);
    setForegroundRole(QPalette::PlaceholderText);
    setAttribute(Qt::WA_TransparentForMouseEvents);
    view.viewport()->installEventFilter(this);
    const QAbstractItemModel* model = view.model();
    connect(model, &QAbstractItemModel::modelReset, this, &EmptyNote::place);
    connect(model, &QAbstractItemModel::rowsInserted, this, &EmptyNote::place);
    connect(model, &QAbstractItemModel::rowsRemoved, this, &EmptyNote::place);
    place();
}

void EmptyNote::place() {
    setGeometry(m_view.viewport()->rect());
    setVisible(m_view.model()->rowCount() == 0);
}

bool EmptyNote::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Resize) place();
    return QLabel::eventFilter(watched, event);
}

}  // namespace alloclens
