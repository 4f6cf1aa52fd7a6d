// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/window/filter_bar.h"

#include <QAbstractItemView>
#include <QAction>
#include <QCompleter>
#include <QCoreApplication>
#include <QHBoxLayout>
#include <QInputMethodEvent>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QStringListModel>
#include <QStyle>
#include <QTextCharFormat>

#include <algorithm>

#include "app/gui/look/style_sheet.h"
#include "app/gui/look/theme.h"
#include "app/gui/look/words.h"

namespace alloclens {
namespace {

constexpr int kPauseMilliseconds = 150;

// The language counts bytes, the line edit UTF-16 units.
qsizetype unitsOfBytes(const QString& text, std::size_t bytes) {
    return QString::fromUtf8(text.toUtf8().left(static_cast<qsizetype>(bytes))).size();
}

}  // namespace

FilterBar::FilterBar(ViewState& state, QWidget* parent)
    : QWidget(parent),
      m_state(state),
      m_edit(new QLineEdit(this)),
      m_hint(new QLabel(tr("not applied"), this)),
      m_problem(new QLabel(this)),
      m_lead(m_edit->addAction(QIcon(), QLineEdit::LeadingPosition)),
      m_clear(m_edit->addAction(QIcon(), QLineEdit::TrailingPosition)),
      m_completer(new QCompleter(this)),
      m_candidates(new QStringListModel(this)) {
    m_edit->setObjectName("filterEdit");
    m_edit->setAccessibleName(tr("Filter"));
    m_edit->setPlaceholderText(tr("Filter, such as device:4 kind:double-free"));
    m_edit->setToolTip(tr("Terms combine with and, commas with or, a leading - negates (Ctrl+L)\n"
                          "device: address: memory: pid: size: kind: cause: line: lifecycle: name: stack: text:"));
    m_edit->installEventFilter(this);
    m_edit->setMinimumWidth(200);
    m_clear->setToolTip(tr("Clear the filter (Ctrl+Shift+L)"));
    m_clear->setVisible(false);
    setFocusProxy(m_edit);

    m_hint->setObjectName("filterHint");
    m_hint->setForegroundRole(QPalette::PlaceholderText);
    m_hint->hide();

    m_problem->setObjectName("filterProblem");
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    m_problem->setMargin(8);
    m_problem->setAutoFillBackground(true);
    m_problem->setBackgroundRole(QPalette::Base);
    m_problem->hide();

    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(4, 0, 4, 0);
    layout->addWidget(m_edit, 1);
    layout->addWidget(m_hint);

    m_completer->setModel(m_candidates);
    m_completer->setWidget(m_edit);
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer->setMaxVisibleItems(12);
    m_completer->popup()->installEventFilter(this);

    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMilliseconds);
    connect(&m_pause, &QTimer::timeout, this, &FilterBar::apply);
    connect(m_clear, &QAction::triggered, this, &FilterBar::clear);
    connect(m_edit, &QLineEdit::textChanged, this,
            [this](const QString& text) { m_clear->setVisible(!text.isEmpty()); });
    connect(m_edit, &QLineEdit::textEdited, this, [this] {
        m_pause.start();
        m_hint->hide();  // it may be in force in a moment
        offerCompletions();
    });
    connect(m_edit, &QLineEdit::returnPressed, this, &FilterBar::apply);
    connect(m_completer, qOverload<const QString&>(&QCompleter::activated), this, &FilterBar::complete);
    connect(&m_state, &ViewState::filterRequested, this, &FilterBar::follow);
    connect(&m_state, &ViewState::analysisChanged, this, &FilterBar::follow);
    tint();
}

void FilterBar::startTyping() {
    m_edit->setFocus(Qt::ShortcutFocusReason);
    m_edit->selectAll();
}

void FilterBar::clear() {
    m_edit->clear();
    apply();
}

void FilterBar::tint() {
    m_lead->setIcon(Theme::current().icon("filter"));
    m_clear->setIcon(Theme::current().icon("clear"));
    // The list is a window of its own, which the sheet of this one does not reach.
    m_completer->popup()->setStyleSheet(alloclens::styleSheet(Theme::current()));
}

void FilterBar::follow() {
    if (m_pause.isActive() || m_edit->text().trimmed() == m_state.filterText()) return;
    restore();
}

// The text that is in force again.
void FilterBar::restore() {
    m_pause.stop();
    m_edit->setText(m_state.filterText());
    mark(nullptr);
}

bool FilterBar::isInForce() const { return m_edit->text().trimmed() == m_state.filterText(); }

void FilterBar::sayWhetherInForce() {
    const bool isSaid = !isInForce() && !m_pause.isActive() && !m_completer->popup()->isVisible();
    m_hint->setVisible(isSaid);
    if (!isSaid) return;
    m_hint->setToolTip(
        m_edit->property("invalid").toBool()
            ? tr("The view still shows the previous filter: %1\nEsc restores its text.").arg(m_problem->text())
            : tr("The view still shows the previous filter. Enter applies this one, Esc restores the previous text."));
}

void FilterBar::apply() {
    m_pause.stop();
    const QString text = m_edit->text().trimmed();
    FilterError error;
    const auto filter = Filter::parse(m_edit->text().toStdString(), error);
    bool isRight = filter.has_value();
    if (isRight && m_state.analysis()) {
        const auto unanswerable = unanswerableTerm(*filter, *m_state.analysis()->trace);
        if (unanswerable) error = *unanswerable;
        isRight = !unanswerable;
    }
    mark(isRight ? nullptr : &error);
    if (isRight) m_state.requestFilter(text);
    sayWhetherInForce();
}

void FilterBar::offerCompletions() {
    const QString text = m_edit->text();
    const QByteArray before = text.left(m_edit->cursorPosition()).toUtf8();
    const FilterCompletion offer = completeFilter(text.toStdString(), static_cast<std::size_t>(before.size()),
                                                  m_state.analysis().get());
    m_wordStart = unitsOfBytes(text, offer.wordStart);
    const QString word = text.mid(m_wordStart, m_edit->cursorPosition() - m_wordStart);
    QStringList candidates;
    for (const std::string& candidate : offer.candidates) candidates += toQString(candidate);
    const bool isDone = candidates.size() == 1 && candidates.front() == word;
    if (word.isEmpty() || candidates.isEmpty() || isDone) {
        m_completer->popup()->hide();
        return;
    }
    m_candidates->setStringList(candidates);
    m_completer->complete();
}

void FilterBar::complete(const QString& candidate) {
    QString text = m_edit->text();
    qsizetype end = m_edit->cursorPosition();
    while (end < text.size() && !text[end].isSpace()) ++end;
    const bool goesOn = candidate.endsWith(':') || candidate.endsWith('/') || candidate.endsWith('"');
    const QString word = goesOn || end < text.size() ? candidate : candidate + ' ';
    text.replace(m_wordStart, end - m_wordStart, word);
    m_edit->setText(text);
    m_edit->setCursorPosition(static_cast<int>(m_wordStart + word.size()));
    m_pause.start();
    if (goesOn) QTimer::singleShot(0, this, &FilterBar::offerCompletions);
}

// The offending part is underlined in the text itself, which QLineEdit can do only as an input method does it.
void FilterBar::mark(const FilterError* error) {
    QList<QInputMethodEvent::Attribute> attributes;
    if (error != nullptr) {
        const QString text = m_edit->text();
        const qsizetype from = unitsOfBytes(text, error->column);
        const qsizetype to = std::max(from + 1, unitsOfBytes(text, error->column + error->length));
        QTextCharFormat format;
        format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        format.setUnderlineColor(palette().color(QPalette::Text));
        attributes.append({QInputMethodEvent::TextFormat, static_cast<int>(from) - m_edit->cursorPosition(),
                           static_cast<int>(to - from), format});
        const QString message = toQString(error->message) + '.';
        showProblem(error->expected.empty() ? message : message + ' ' + toQString(error->advice()));
    } else {
        m_problem->hide();
        m_edit->setAccessibleDescription({});
    }
    QInputMethodEvent event(QString(), attributes);
    QCoreApplication::sendEvent(m_edit, &event);
    m_edit->setProperty("invalid", error != nullptr);
    m_edit->style()->unpolish(m_edit);
    m_edit->style()->polish(m_edit);
    sayWhetherInForce();
}

void FilterBar::showProblem(const QString& text) {
    m_problem->setText(text);
    m_edit->setAccessibleDescription(text);
    if (m_completer->popup()->isVisible()) return;  // what would be right is on offer already
    placeProblem();
    m_problem->show();
    m_problem->raise();
}

// Over the window's content below the line, so that nothing moves while one types.
void FilterBar::placeProblem() {
    if (m_problem->parentWidget() != window()) m_problem->setParent(window());
    const QPoint below = m_edit->mapTo(window(), QPoint(0, m_edit->height() + 4));
    const int width = std::max(m_edit->width(), 280);
    const int left = std::clamp(below.x(), 0, std::max(0, window()->width() - width));
    m_problem->setGeometry(left, below.y(), width, m_problem->heightForWidth(width));
}

// What is wrong with a text that cannot be edited just now would only lie over what is shown in the meantime.
void FilterBar::changeEvent(QEvent* event) {
    if (event->type() == QEvent::EnabledChange) {
        if (!isEnabled()) m_problem->hide();
        if (isEnabled() && m_edit->property("invalid").toBool()) showProblem(m_problem->text());
    }
    QWidget::changeEvent(event);
}

bool FilterBar::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_completer->popup()) {
        if (event->type() == QEvent::Hide) m_pause.start();
        return event->type() == QEvent::KeyPress && popupKey(static_cast<QKeyEvent*>(event)->key());
    }
    return editEvent(event) || QWidget::eventFilter(watched, event);
}

// Tab takes the completion that is current, or else the first. QCompleter would let it move the focus.
bool FilterBar::popupKey(int key) {
    if (key != Qt::Key_Tab) return false;
    const QString candidate = m_candidates->stringList().value(std::max(0, m_completer->popup()->currentIndex().row()));
    m_completer->popup()->hide();
    if (!candidate.isEmpty()) complete(candidate);
    return true;
}

// Esc belongs to the bar while its text is not in force, and to the window else.
bool FilterBar::editEvent(QEvent* event) {
    switch (event->type()) {
    case QEvent::Resize:
        if (m_problem->isVisible()) placeProblem();
        return false;
    case QEvent::FocusOut:
        if (m_completer->popup()->isVisible()) return false;
        if (m_pause.isActive()) apply();
        sayWhetherInForce();
        return false;
    case QEvent::ShortcutOverride:
    case QEvent::KeyPress: break;
    default: return false;
    }
    if (static_cast<QKeyEvent*>(event)->key() != Qt::Key_Escape || isInForce()) return false;
    event->accept();
    if (event->type() == QEvent::KeyPress) restore();
    return true;
}

}  // namespace alloclens
