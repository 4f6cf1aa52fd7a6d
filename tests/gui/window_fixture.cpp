// SPDX-License-Identifier: GPL-3.0-or-later
#include "window_fixture.h"

#include <QAbstractItemView>
#include <QAction>
#include <QFile>
#include <QFileDialog>
#include <QLineEdit>
#include <QSettings>
#include <QTableView>

#include "app/gui/window/message_strip.h"

namespace alloclens {

WindowTest::WindowTest() {
    QSettings().clear();
    window = std::make_unique<MainWindow>();
    window->setAttribute(Qt::WA_DeleteOnClose, false);
    window->show();
    window->activateWindow();
    EXPECT_TRUE(QTest::qWaitForWindowActive(window.get()));
}

WindowTest::~WindowTest() = default;

QString WindowTest::samplePath() { return QStringLiteral(ALLOCLENS_SAMPLES_DIR "/reference.log"); }

void WindowTest::open(const QString& path) {
    window->openFile(path);
    ASSERT_TRUE(soon([&] { return !window->document().isLoading() && window->document().path() == path; }));
}

void WindowTest::filter(const QString& text) {
    const auto before = state().filterResult();
    filterEdit().setFocus();
    filterEdit().selectAll();
    QTest::keyClick(&filterEdit(), Qt::Key_Delete);
    QTest::keyClicks(&filterEdit(), text);
    ASSERT_TRUE(soon([&] { return state().filterText() == text && state().filterResult() != before; }));
}

void WindowTest::trigger(Command command) {
    ASSERT_TRUE(window->commands()[command].isEnabled());
    window->commands()[command].trigger();
}

void WindowTest::answerFileDialog(const QString& objectName, const QString& path) {
    auto* dialog = window->findChild<QFileDialog*>(objectName);
    ASSERT_NE(dialog, nullptr);
    ASSERT_TRUE(QTest::qWaitForWindowExposed(dialog));
    auto* name = dialog->findChild<QLineEdit*>("fileNameEdit");
    ASSERT_NE(name, nullptr);
    name->setText(path);
    QTest::keyClick(name, Qt::Key_Return);
    ASSERT_TRUE(soon([&] { return window->findChild<QFileDialog*>(objectName) == nullptr; }));
}

QString WindowTest::writeFile(const QString& name, const QByteArray& bytes) const {
    QFile file(temporaryPath(name));
    EXPECT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(bytes);
    return file.fileName();
}

QLineEdit& WindowTest::filterEdit() { return *window->findChild<QLineEdit*>("filterEdit"); }

QAbstractItemView& WindowTest::view(const char* objectName) {
    return *window->findChild<QAbstractItemView*>(QLatin1String(objectName));
}

QString WindowTest::cellUnder(const QTableView& table, int row, const QString& title, int role) {
    const QAbstractItemModel& model = *table.model();
    for (int column = 0; column < model.columnCount(); ++column) {
        if (model.headerData(column, Qt::Horizontal).toString() != title) continue;
        return table.isColumnHidden(column) ? QString() : model.index(row, column).data(role).toString();
    }
    ADD_FAILURE() << "there is no column " << title.toStdString();
    return {};
}

QString WindowTest::messageText() const {
    const auto* strip = window->findChild<MessageStrip*>("messageStrip");
    return strip->isVisible() ? strip->text() : QString();
}

}  // namespace alloclens
