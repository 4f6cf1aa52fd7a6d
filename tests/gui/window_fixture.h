// SPDX-License-Identifier: GPL-3.0-or-later
//
// A window as its user has it: shown and active, with the steps that many tests take.
#pragma once

#include <QTemporaryDir>
#include <QTest>

#include <gtest/gtest.h>

#include <memory>

#include "app/gui/window/main_window.h"

class QAbstractItemView;
class QLineEdit;
class QTableView;

namespace alloclens {

class WindowTest : public ::testing::Test {
protected:
    WindowTest();
    ~WindowTest() override;

    /// Opens a file and waits until it is shown.
    void open(const QString& path);
    void openSample() { open(samplePath()); }
    /// Types a filter and waits for its result.
    void filter(const QString& text);
    void trigger(Command command);
    /// Types a path into the file dialog of that name and accepts it.
    void answerFileDialog(const QString& objectName, const QString& path);

    [[nodiscard]] static QString samplePath();
    [[nodiscard]] QString temporaryPath(const QString& name) const { return m_folder.filePath(name); }
    [[nodiscard]] QString writeFile(const QString& name, const QByteArray& bytes) const;
    [[nodiscard]] ViewState& state() { return window->state(); }
    [[nodiscard]] QLineEdit& filterEdit();
    [[nodiscard]] QAbstractItemView& view(const char* objectName);
    /// The text of a cell in the column with this title; null if the column is hidden.
    [[nodiscard]] static QString cellUnder(const QTableView& table, int row, const QString& title,
                                           int role = Qt::DisplayRole);
    [[nodiscard]] QString messageText() const;  ///< empty while no message is shown

    /// Whether `holds` comes true within some seconds, with events handled meanwhile.
    template <typename Predicate>
    [[nodiscard]] static bool soon(Predicate holds) {
        return QTest::qWaitFor(holds, 20'000);
    }

    std::unique_ptr<MainWindow> window;

private:
    QTemporaryDir m_folder;
};

}  // namespace alloclens
