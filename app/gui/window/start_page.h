// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the window shows while nothing is open: the name, the two ways to begin, and the files that were open last.
#pragma once

#include <QString>
#include <QWidget>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace alloclens {

class StartPage : public QWidget {
    Q_OBJECT
public:
    explicit StartPage(QWidget* parent = nullptr);

    /// Reads the list of recent files again.
    void refresh();

signals:
    void openRequested();
    void sampleRequested();
    void fileRequested(const QString& path);

protected:
    void changeEvent(QEvent* event) override;

private:
    void tint();

    QLabel* m_emblem;
    QPushButton* m_open;
    QPushButton* m_sample;
    QVBoxLayout* m_recent;
};

}  // namespace alloclens
