// SPDX-License-Identifier: GPL-3.0-or-later
//
// The line below the source where one types what to find: Enter searches down, Shift+Enter up, Esc closes it.
#pragma once

#include <QString>
#include <QWidget>

class QLabel;
class QLineEdit;
class QToolButton;

namespace alloclens {

class FindBar : public QWidget {
    Q_OBJECT
public:
    explicit FindBar(QWidget* parent = nullptr);

    void open();
    [[nodiscard]] QString text() const;
    /// "searching 40 %", "not found" ...
    void say(const QString& words);

signals:
    void nextWanted();
    void previousWanted();
    void closed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void tint();

    QLineEdit* m_edit;
    QToolButton* m_previous;
    QToolButton* m_next;
    QToolButton* m_close;
    QLabel* m_words;
};

}  // namespace alloclens
