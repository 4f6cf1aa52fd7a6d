// SPDX-License-Identifier: GPL-3.0-or-later
#include "random_actions.h"

#include <QAction>
#include <QApplication>
#include <QContextMenuEvent>
#include <QDialog>
#include <QDir>
#include <QDropEvent>
#include <QFileDialog>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QPointer>
#include <QPushButton>
#include <QTest>
#include <QToolButton>
#include <QUrl>
#include <QWheelEvent>

#include <algorithm>
#include <array>
#include <utility>

#include "app/gui/window/record_dialog.h"
#include "app/gui/window/theme_choice.h"
#include "last_steps.h"

namespace alloclens::test {
namespace {

const std::array kFilters = {QStringLiteral("device:0"),
                             QStringLiteral("device:0,1 kind:double-free"),
                             QStringLiteral("kind:leak"),
                             QStringLiteral("memory:unknown"),
                             QStringLiteral("kind:doublefree"),
                             QStringLiteral("device:99"),
                             QStringLiteral("line:1..40"),
                             QStringLiteral("text:\"Freed\""),
                             QStringLiteral("lifecycle:/AFU/"),
                             QStringLiteral("-device:0"),
                             QStringLiteral("size:>1KiB pid:7"),
                             QStringLiteral("dev"),
                             QStringLiteral("\"open quote"),
                             QStringLiteral("cause:undetermined"),
                             QStringLiteral("((")};
const std::array kPlaces = {QStringLiteral("15"),         QStringLiteral("line 12"),      QStringLiteral("event 3"),
                            QStringLiteral("#1"),         QStringLiteral("64"),           QStringLiteral("0x40"),
                            QStringLiteral("0:640"),      QStringLiteral("640 device 0"), QStringLiteral("64·g2"),
                            QStringLiteral("0x40@0"),     QStringLiteral("99999999"),     QStringLiteral("nowhere"),
                            QStringLiteral("4294967296"), QStringLiteral("line 999"),     QStringLiteral("70")};
const std::array kPaletteWords = {QStringLiteral("dark"), QStringLiteral("light"), QStringLiteral("linear"),
                                  QStringLiteral("go"),   QStringLiteral("show"),  QStringLiteral("zoom in"),
                                  QStringLiteral("find"), QStringLiteral("xyzzy"), QStringLiteral("")};
const std::array kKeys = {
    Qt::Key_W,       Qt::Key_A,     Qt::Key_S,         Qt::Key_D,        Qt::Key_F,           Qt::Key_N,
    Qt::Key_Home,    Qt::Key_End,   Qt::Key_PageUp,    Qt::Key_PageDown, Qt::Key_Up,          Qt::Key_Down,
    Qt::Key_Left,    Qt::Key_Right, Qt::Key_Return,    Qt::Key_Enter,    Qt::Key_Escape,      Qt::Key_Tab,
    Qt::Key_Backtab, Qt::Key_Space, Qt::Key_Backspace, Qt::Key_Delete,   Qt::Key_BracketLeft, Qt::Key_BracketRight,
    Qt::Key_Period,  Qt::Key_Comma, Qt::Key_Question,  Qt::Key_F3,       Qt::Key_F5,          Qt::Key_F10,
    Qt::Key_Plus,    Qt::Key_Minus, Qt::Key_Asterisk,  Qt::Key_C,        Qt::Key_V,           Qt::Key_X,
    Qt::Key_Z,       Qt::Key_L,     Qt::Key_G,         Qt::Key_E,        Qt::Key_O,           Qt::Key_R,
    Qt::Key_1,       Qt::Key_2,     Qt::Key_3,         Qt::Key_4,        Qt::Key_5,           Qt::Key_6,
    Qt::Key_7,       Qt::Key_Menu,  Qt::Key_Slash,     Qt::Key_Colon};
constexpr int kPatience = 500;  // ticks of 2 ms; more than any step waits by itself

}  // namespace

RandomActions::RandomActions(MainWindow& window, QStringList logs, QString folder, std::uint32_t seed)
    : m_window(window), m_logs(std::move(logs)), m_folder(std::move(folder)), m_random(seed) {
    // A menu that is executed keeps the step from ending until it is left.
    QObject::connect(&m_menuTimer, &QTimer::timeout, &m_menuTimer, [this] { leaveMenu(); });
    m_menuTimer.setInterval(2);
}

void RandomActions::say(const QString& what) { noteStep(m_steps, what); }

// A popup or dialog shuts the window off, so the mouse goes there.
QWidget* RandomActions::anyWidget() {
    QWidget* top = QApplication::activePopupWidget();
    if (top == nullptr) top = QApplication::activeModalWidget();
    if (top == nullptr) top = &m_window;
    QList<QWidget*> widgets = top->findChildren<QWidget*>();
    widgets.removeIf([](const QWidget* widget) { return !widget->isVisible() || widget->size().isEmpty(); });
    return widgets.isEmpty() ? top : oneOf(widgets);
}

QPoint RandomActions::anyPoint(const QWidget& widget) {
    return {below(std::max(1, widget.width())), below(std::max(1, widget.height()))};
}

Qt::KeyboardModifiers RandomActions::anyModifiers() {
    constexpr std::array kModifiers = {Qt::NoModifier,      Qt::NoModifier,    Qt::NoModifier,
                                       Qt::ControlModifier, Qt::ShiftModifier, Qt::AltModifier};
    return oneOf(kModifiers);
}

QWidget* RandomActions::focus() const {
    if (QWidget* popup = QApplication::activePopupWidget()) {
        return popup->focusWidget() != nullptr ? popup->focusWidget() : popup;
    }
    QWidget* focused = QApplication::focusWidget();
    return focused != nullptr ? focused : const_cast<MainWindow*>(&m_window);
}

void RandomActions::pressKey() {
    const Qt::Key key = oneOf(kKeys);
    const Qt::KeyboardModifiers modifiers = anyModifiers();
    QWidget* at = focus();
    say(QStringLiteral("key %1 in %2").arg(QKeySequence(int(key) | int(modifiers)).toString(), at->objectName()));
    QTest::keyClick(at, key, modifiers);
}

void RandomActions::click() {
    QWidget* at = anyWidget();
    const QPoint place = anyPoint(*at);
    constexpr std::array kButtons = {Qt::LeftButton, Qt::LeftButton, Qt::LeftButton, Qt::RightButton, Qt::MiddleButton};
    const Qt::MouseButton button = oneOf(kButtons);
    const bool isDouble = below(4) == 0;
    say(QStringLiteral("%1 click %2 in %3 %4 at %5,%6")
            .arg(isDouble ? "double" : "single")
            .arg(button)
            .arg(at->metaObject()->className(), at->objectName())
            .arg(place.x())
            .arg(place.y()));
    const Qt::KeyboardModifiers modifiers = anyModifiers();
    if (isDouble) {
        QTest::mouseDClick(at, button, modifiers, place);
    } else {
        QTest::mouseClick(at, button, modifiers, place);
    }
}

void RandomActions::drag() {
    QWidget* at = below(2) == 0 ? m_window.findChild<QWidget*>("lanes") : anyWidget();
    if (at == nullptr) return;
    const QPoint from = anyPoint(*at);
    const QPoint to = anyPoint(*at);
    const Qt::MouseButton button = below(2) == 0 ? Qt::LeftButton : Qt::RightButton;
    say(QStringLiteral("drag %1 in %2 %3").arg(button).arg(at->metaObject()->className(), at->objectName()));
    const auto send = [&](QEvent::Type type, QPoint place) {
        const auto buttons = type == QEvent::MouseButtonRelease ? Qt::NoButton : button;
        QMouseEvent event(type, place, at->mapToGlobal(place), type == QEvent::MouseMove ? Qt::NoButton : button,
                          buttons, Qt::NoModifier);
        QApplication::sendEvent(at, &event);
    };
    const QPointer<QWidget> guarded = at;
    send(QEvent::MouseButtonPress, from);
    for (int part = 1; part <= 3 && guarded; ++part) send(QEvent::MouseMove, from + (to - from) * part / 3);
    if (guarded && below(8) == 0) QApplication::processEvents();
    if (guarded) send(QEvent::MouseButtonRelease, to);
}

void RandomActions::turnWheel() {
    QWidget* at = anyWidget();
    const QPoint place = anyPoint(*at);
    constexpr std::array kTurns = {120, -120, 480, -480, 12000, -12000, 7};
    const int turn = oneOf(kTurns);
    say(QStringLiteral("wheel %1 in %2").arg(turn).arg(at->metaObject()->className()));
    QWheelEvent event(place, at->mapToGlobal(place), {}, below(5) == 0 ? QPoint(turn, 0) : QPoint(0, turn),
                      Qt::NoButton, anyModifiers(), Qt::NoScrollPhase, false);
    QApplication::sendEvent(at, &event);
}

void RandomActions::openContextMenu() {
    QWidget* at = below(2) == 0 ? focus() : anyWidget();
    const QPoint place = anyPoint(*at);
    say(QStringLiteral("context menu of %1 %2").arg(at->metaObject()->className(), at->objectName()));
    QContextMenuEvent event(below(2) == 0 ? QContextMenuEvent::Mouse : QContextMenuEvent::Keyboard, place,
                            at->mapToGlobal(place));
    QApplication::sendEvent(at, &event);
}

void RandomActions::runCommand() {
    const QAction* action = oneOf(m_window.commands().all());
    say(QStringLiteral("command %1").arg(action->text()));
    const_cast<QAction*>(action)->trigger();
}

void RandomActions::usePalette() {
    const QString words = oneOf(kPaletteWords);
    say(QStringLiteral("palette: %1").arg(words));
    m_window.commands()[Command::Palette].trigger();
    QTest::keyClicks(focus(), words);
    if (below(3) > 0) QTest::keyClick(focus(), Qt::Key_Return);
}

void RandomActions::typeFilter() {
    const QString text = oneOf(kFilters);
    say(QStringLiteral("filter: %1").arg(text));
    auto* edit = m_window.findChild<QLineEdit*>("filterEdit");
    if (!edit->isEnabled()) return;
    edit->setFocus();
    if (below(3) > 0) edit->clear();
    QTest::keyClicks(edit, text);
    constexpr std::array kEnds = {Qt::Key_Return, Qt::Key_Tab, Qt::Key_Escape, Qt::Key_Down};
    if (below(4) > 0) QTest::keyClick(focus(), oneOf(kEnds));
}

void RandomActions::goSomewhere() {
    const QString text = oneOf(kPlaces);
    say(QStringLiteral("go to: %1").arg(text));
    m_window.commands()[Command::GoTo].trigger();
    QTest::keyClicks(focus(), text);
    if (below(4) > 0) QTest::keyClick(focus(), Qt::Key_Return);
}

void RandomActions::openSomething() {
    const QString path = oneOf(m_logs);
    const int way = below(4);
    say(QStringLiteral("open %1 in way %2").arg(QFileInfo(path).fileName()).arg(way));
    switch (way) {
    case 0: m_window.openFile(path); break;
    case 1: m_window.followFile(path); break;
    case 2: m_window.compareWith(path); break;
    default: m_window.commands()[Command::Reload].trigger(); break;
    }
    if (below(3) == 0) QTest::qWait(below(200));
}

void RandomActions::resizeWindow() {
    const QSize size(300 + below(1300), 200 + below(800));
    say(QStringLiteral("resize to %1 x %2").arg(size.width()).arg(size.height()));
    m_window.resize(size);
}

void RandomActions::dropFiles() {
    QMimeData data;
    QList<QUrl> urls;
    for (int count = 1 + below(2); count > 0; --count) urls += QUrl::fromLocalFile(oneOf(m_logs));
    say(QStringLiteral("drop %1 files").arg(urls.size()));
    data.setUrls(urls);
    QDropEvent drop(QPointF(40, 40), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&m_window, &drop);
}

void RandomActions::restyle() {
    say(QStringLiteral("theme"));
    applyTheme(below(2) == 0 ? ThemeChoice::Dark : ThemeChoice::Light);
}

void RandomActions::record() {
    say(QStringLiteral("record"));
    m_window.commands()[Command::Record].trigger();
    answerDialogs();  // names the file and the socket
    auto* dialog = m_window.findChild<RecordDialog*>();
    if (dialog != nullptr) QTest::mouseClick(dialog->findChild<QPushButton*>("recordButton"), Qt::LeftButton);
}

void RandomActions::wait() {
    const int time = below(30);
    say(QStringLiteral("wait %1 ms").arg(time));
    QTest::qWait(time);
}

void RandomActions::step() {
    struct Choice {
        int weight;
        void (RandomActions::*act)();
    };
    constexpr std::array kChoices = {Choice{30, &RandomActions::pressKey},
                                     Choice{30, &RandomActions::click},
                                     Choice{8, &RandomActions::drag},
                                     Choice{8, &RandomActions::turnWheel},
                                     Choice{4, &RandomActions::openContextMenu},
                                     Choice{14, &RandomActions::runCommand},
                                     Choice{3, &RandomActions::usePalette},
                                     Choice{5, &RandomActions::typeFilter},
                                     Choice{4, &RandomActions::goSomewhere},
                                     Choice{4, &RandomActions::openSomething},
                                     Choice{2, &RandomActions::resizeWindow},
                                     Choice{1, &RandomActions::dropFiles},
                                     Choice{1, &RandomActions::restyle},
                                     Choice{1, &RandomActions::record},
                                     Choice{8, &RandomActions::wait}};
    int at = below(123);
    ++m_steps;
    m_ticks = 0;
    m_menuTimer.start();
    for (const Choice& choice : kChoices) {
        at -= choice.weight;
        if (at < 0) {
            (this->*choice.act)();
            break;
        }
    }
    QApplication::processEvents();
    m_menuTimer.stop();
    answerDialogs();
    if (!m_window.isVisible()) m_window.show();  // it was closed, which is no end here
}

// One step in the menu that waits, then away. What else may keep a step from ending is left as somebody would leave it:
// a list that opened above the menu, a menu that was hidden before it began to wait, a text that is being dragged.
void RandomActions::leaveMenu() {
    QWidget* popup = QApplication::activePopupWidget();
    auto* menu = qobject_cast<QMenu*>(popup);
    if (menu == nullptr) {
        if (++m_ticks < kPatience) return;
        m_ticks = 0;
        say(QStringLiteral("  leaves what waits below %1")
                .arg(popup != nullptr ? popup->metaObject()->className() : "nothing"));
        if (popup != nullptr) {
            popup->close();
            return;
        }
        QTest::keyClick(&m_window, Qt::Key_Escape);
        for (const QToolButton* button : m_window.findChildren<QToolButton*>()) {
            if (button->isDown() && button->menu() != nullptr) {
                button->menu()->popup({});
                button->menu()->close();
            }
        }
        return;
    }
    m_ticks = 0;
    say(QStringLiteral("  leaves the menu %1").arg(menu->title()));
    const int downs = below(6);
    for (int i = 0; i < downs; ++i) QTest::keyClick(menu, Qt::Key_Down);
    if (QAction* active = menu->activeAction(); active != nullptr && active->menu() == nullptr && below(2) == 0) {
        QTest::keyClick(menu, Qt::Key_Return);
    } else {
        QTest::keyClick(menu, Qt::Key_Escape);
    }
}

// Files are written nowhere else than below the folder, and no server's place is taken but there.
void RandomActions::answerDialogs() {
    const auto widgets = QApplication::topLevelWidgets();
    for (QWidget* widget : widgets) {
        if (!widget->isVisible()) continue;
        if (auto* files = qobject_cast<QFileDialog*>(widget)) {
            const bool isSaved = files->acceptMode() == QFileDialog::AcceptSave;
            const bool isAccepted = below(2) == 0;
            say(QStringLiteral("  file dialog, accepted %1").arg(isAccepted));
            const QString path = isSaved ? QDir(m_folder).filePath("out." + files->defaultSuffix()) : oneOf(m_logs);
            if (isSaved) QFile::remove(path);
            auto* name = files->findChild<QLineEdit*>("fileNameEdit");
            name->setText(path);
            QTest::keyClick(name, isAccepted ? Qt::Key_Return : Qt::Key_Escape);
        } else if (auto* record = qobject_cast<RecordDialog*>(widget)) {
            record->findChild<QLineEdit*>("recordPath")
                ->setText(QDir(m_folder).filePath(QStringLiteral("trace-%1.alens").arg(m_steps)));
            record->findChild<QLineEdit*>("recordSocket")->setText(QDir(m_folder).filePath("s"));
        } else if (widget != &m_window && qobject_cast<MainWindow*>(widget) != nullptr && below(3) > 0) {
            say(QStringLiteral("  closes another window"));
            widget->close();
        }
    }
}

void RandomActions::closeAll() {
    m_menuTimer.start();
    for (int round = 0; round < 20; ++round) {
        for (QWidget* widget : QApplication::topLevelWidgets()) {
            if (widget == &m_window || !widget->isVisible()) continue;
            if (auto* dialog = qobject_cast<QDialog*>(widget)) {
                dialog->reject();
            } else {
                widget->close();
            }
            break;  // others may have gone with it
        }
        QApplication::processEvents();
    }
    m_menuTimer.stop();
}

}  // namespace alloclens::test
