// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/inspector/inspector.h"

#include <QEvent>
#include <QLabel>
#include <QScrollBar>
#include <QTextDocumentFragment>
#include <QVBoxLayout>

#include "app/gui/document/copy_source.h"
#include "app/gui/look/theme.h"
#include "app/gui/panels/inspector/inspector_page.h"
#include "app/gui/panels/inspector/staircase.h"

namespace alloclens {

Inspector::Inspector(ViewState& state, QWidget* parent) : QScrollArea(parent), m_state(state) {
    setObjectName("inspector");
    setAccessibleName(tr("Inspector"));
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* page = new QWidget(this);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(12);
    m_head = addLabel(page);
    m_events = addLabel(page);
    m_depthTitle = addLabel(page);
    m_staircase = new Staircase(page);
    layout->addWidget(m_staircase);
    m_lifetimes = addLabel(page);
    layout->addStretch(1);
    setWidget(page);
    m_retint.setSingleShot(true);
    m_retint.setInterval(0);
    connect(&m_retint, &QTimer::timeout, this, &Inspector::render);
    connect(m_staircase, &Staircase::eventChosen, this, [this](EventId event) { m_state.selectEvent(event); });
    connect(&m_state, &ViewState::selectionChanged, this, &Inspector::follow);
    connect(&m_state, &ViewState::analysisChanged, this, &Inspector::follow);
    new CopySource(*this, [this] { return m_story.title.isEmpty() ? QString() : shownText(); });
    follow();
}

QLabel* Inspector::addLabel(QWidget* page) {
    auto* label = new QLabel(page);
    label->setTextFormat(Qt::RichText);
    label->setWordWrap(true);
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    label->setMinimumWidth(1);  // long lines wrap or are cut, they never widen the panel
    label->setTextInteractionFlags(Qt::TextBrowserInteraction);
    label->setFocusPolicy(Qt::StrongFocus);
    page->layout()->addWidget(label);
    connect(label, &QLabel::linkActivated, this, [this](const QString& link) { followLink(link); });
    return label;
}

QString Inspector::shownHtml() const { return m_head->text() + m_events->text() + m_lifetimes->text(); }

QString Inspector::shownText() const {
    QString text = QTextDocumentFragment::fromHtml(shownHtml()).toPlainText();
    return text.remove(QChar(0x200b)).replace(QChar::Nbsp, ' ') + '\n';  // as it was before it was laid out
}

void Inspector::changeEvent(QEvent* event) {
    // The colours of a theme come in several events.
    if (event->type() == QEvent::PaletteChange && widget() != nullptr) m_retint.start();
    QScrollArea::changeEvent(event);
}

void Inspector::follow() {
    const Selection selection = m_state.selection();
    if (!m_state.analysis() || selection.isEmpty()) {
        m_job.cancel();
        showNothing();
        return;
    }
    m_job.start([analysis = m_state.analysis(),
                 selection](const TaskContext& task) { return tellStory(analysis, selection, task); },
                [this](Result<InspectorStory> story) {
                    if (story) showStory(std::move(*story));
                });
}

void Inspector::showStory(InspectorStory story) {
    const bool isOther = story.title != m_story.title || story.place != m_story.place;
    if (isOther) m_isWhole = false;
    m_story = std::move(story);
    render();
    if (isOther) verticalScrollBar()->setValue(0);
}

void Inspector::followLink(const QString& link) {
    if (link != QLatin1String("all:")) return followStoryLink(m_state, m_story, link);
    m_isWhole = true;
    QTimer::singleShot(0, this, &Inspector::render);  // the link's label is still at work
}

void Inspector::showNothing() {
    m_story = {};
    render();
}

void Inspector::render() {
    const Theme& theme = Theme::current();
    const bool isEmpty = m_story.title.isEmpty();
    m_head->setText(
        isEmpty ? QStringLiteral("<span style=\"color:%1\">%2</span>")
                      .arg(theme.mutedText.name(),
                           tr("Select a lifetime, a finding, an event or a line to see what happened at its address."))
                : storyHeadHtml(m_story, theme));
    m_events->setText(isEmpty ? QString() : storyEventsHtml(m_story, theme));
    m_lifetimes->setText(isEmpty ? QString() : storyLifetimesHtml(m_story, theme, m_isWhole));
    m_depthTitle->setText(tr("<p style=\"margin:0\"><b>Depth</b>&nbsp; <span style=\"color:%1\">at "
                             "most %2</span></p>")
                              .arg(theme.mutedText.name())
                              .arg(m_story.peakDepth));
    m_depthTitle->setVisible(!m_story.steps.empty());
    m_events->setVisible(!m_events->text().isEmpty());
    m_lifetimes->setVisible(!m_lifetimes->text().isEmpty());
    m_staircase->showStory(m_story);
}

}  // namespace alloclens
