// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the window has to say, as a line at its top that waits until it is closed: errors, and where an export went.
// It never takes the focus and never blocks; a newer message replaces the older.
#pragma once

#include <QString>
#include <QWidget>

class QLabel;
class QToolButton;

namespace alloclens {

class MessageStrip : public QWidget {
    Q_OBJECT
public:
    explicit MessageStrip(QWidget* parent = nullptr);

    void showMessage(const QString& text);
    [[nodiscard]] QString text() const;

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void tint();

    QLabel* m_label;
    QToolButton* m_close;
};

}  // namespace alloclens
