// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/commands/command_palette.h"

#include <QAction>
#include <QApplication>
#include <QKeyEvent>
#include <QKeySequence>
#include <QLineEdit>
#include <QListWidget>
#include <QPointer>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace alloclens {
namespace {

QString plainText(const QAction& action) {
    QString text = action.text();
    text.remove('&');
    if (text.endsWith(QLatin1String("..."))) text.chop(3);
    return text;
}

// Every word must occur, in any order.
bool matches(const QString& text, const QStringList& words) {
    return std::all_of(words.begin(), words.end(),
                       [&text](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
}

/// How well a command fits what was typed, the best first.
enum class Fit { Exact, Beginning, WordsOfName, PartsOfName, Tip, None };

Fit fitOf(const QString& name, const QString& tip, const QStringList& words) {
    const QString typed = words.join(' ');
    if (name.compare(typed, Qt::CaseInsensitive) == 0) return Fit::Exact;
    if (name.startsWith(typed, Qt::CaseInsensitive)) return Fit::Beginning;
    const QStringList ofName = name.split(' ', Qt::SkipEmptyParts);
    const bool begin = std::all_of(words.begin(), words.end(), [&ofName](const QString& word) {
        return std::any_of(ofName.begin(), ofName.end(),
                           [&word](const QString& part) { return part.startsWith(word, Qt::CaseInsensitive); });
    });
    if (begin) return Fit::WordsOfName;
    if (matches(name, words)) return Fit::PartsOfName;
    return matches(name + ' ' + tip, words) ? Fit::Tip : Fit::None;
}

}  // namespace

CommandPalette::CommandPalette(const std::vector<QAction*>& actions, QWidget* window)
    : QFrame(window, Qt::Popup), m_actions(actions), m_edit(new QLineEdit(this)), m_list(new QListWidget(this)) {
    setObjectName("commandPalette");
    setAccessibleName(tr("Command palette"));
    setAttribute(Qt::WA_DeleteOnClose);
    setFrameShape(QFrame::StyledPanel);
    m_edit->setPlaceholderText(tr("Type the name of a command"));
    m_edit->setAccessibleName(tr("Name of the command"));
    m_edit->installEventFilter(this);
    m_list->setAccessibleName(tr("Commands"));
    m_list->setUniformItemSizes(true);
    m_list->setFocusPolicy(Qt::NoFocus);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(8);
    layout->addWidget(m_edit);
    layout->addWidget(m_list);
    setFocusProxy(m_edit);
    connect(m_edit, &QLineEdit::textChanged, this, &CommandPalette::list);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::runCurrent);
    list({});

    const int width = std::min(520, window->width() - 32);
    const int height = std::min(400, window->height() - 64);
    setGeometry(QRect(window->mapToGlobal(QPoint((window->width() - width) / 2, 48)), QSize(width, height)));
}

void CommandPalette::list(const QString& words) {
    m_list->clear();
    const QStringList wanted = words.split(' ', Qt::SkipEmptyParts);
    std::vector<std::pair<Fit, QAction*>> fitting;
    for (QAction* action : m_actions) {
        const Fit fit = fitOf(plainText(*action), action->property("tip").toString(), wanted);
        if (action->isEnabled() && fit != Fit::None) fitting.emplace_back(fit, action);
    }
    std::stable_sort(fitting.begin(), fitting.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [fit, action] : fitting) {
        const QString text = plainText(*action);
        const QString tip = action->property("tip").toString();
        const QString keys = action->shortcut().toString(QKeySequence::NativeText);
        auto* item = new QListWidgetItem(keys.isEmpty() ? text : text + QStringLiteral("   ") + keys, m_list);
        item->setToolTip(tip);
        item->setData(Qt::UserRole, QVariant::fromValue<QObject*>(action));
    }
    m_list->setCurrentRow(0);
}

void CommandPalette::runCurrent() {
    const QListWidgetItem* item = m_list->currentItem();
    if (item == nullptr) return;
    const QPointer<QObject> action = item->data(Qt::UserRole).value<QObject*>();
    close();
    if (auto* chosen = qobject_cast<QAction*>(action.data())) chosen->trigger();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress) {
        const auto* press = static_cast<QKeyEvent*>(event);
        switch (press->key()) {
        case Qt::Key_Up:
        case Qt::Key_Down:
        case Qt::Key_PageUp:
        case Qt::Key_PageDown: QApplication::sendEvent(m_list, event); return true;
        case Qt::Key_Return:
        case Qt::Key_Enter: runCurrent(); return true;
        default: break;
        }
    }
    return QFrame::eventFilter(watched, event);
}

}  // namespace alloclens
