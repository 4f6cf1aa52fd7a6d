// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/window/start_page.h"

#include <QDir>
#include <QEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QIcon>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "app/gui/document/recent_files.h"
#include "app/gui/document/samples.h"
#include "app/gui/look/theme.h"
#include "app/gui/look/words.h"

namespace alloclens {
namespace {

QLabel* mutedLabel(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

QString shortFolder(const QString& path) {
    const QString folder = QFileInfo(path).absolutePath();
    const QString home = QDir::homePath();
    return folder == home || folder.startsWith(home + '/') ? '~' + folder.mid(home.size()) : folder;
}

}  // namespace

StartPage::StartPage(QWidget* parent)
    : QWidget(parent),
      m_emblem(new QLabel(this)),
      m_open(new QPushButton(tr("Open a log"), this)),
      m_sample(new QPushButton(tr("Open the sample"), this)),
      m_recent(new QVBoxLayout) {
    setObjectName("startPage");
    setAccessibleName(tr("Start"));
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);

    auto* name = new QLabel(QStringLiteral("AllocLens"), this);
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 2);
    large.setWeight(QFont::DemiBold);
    name->setFont(large);
    auto* claim = mutedLabel(tr("See where device memory was freed twice."), this);

    for (QPushButton* button : {m_open, m_sample}) {
        button->setMinimumHeight(36);
        button->setMinimumWidth(168);
        button->setIconSize(QSize(16, 16));
    }
    m_open->setDefault(true);
    m_open->setToolTip(tr("Open the log of an allocation server, plain or compressed (Ctrl+O)"));
    m_sample->setToolTip(tr("Open the log that comes with AllocLens"));
    m_sample->setEnabled(!sampleLog().isEmpty());
    connect(m_open, &QPushButton::clicked, this, &StartPage::openRequested);
    connect(m_sample, &QPushButton::clicked, this, &StartPage::sampleRequested);

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_open);
    buttons->addWidget(m_sample);
    m_recent->setSpacing(4);

    auto* column = new QVBoxLayout;
    column->setSpacing(8);
    column->addWidget(m_emblem, 0, Qt::AlignHCenter);
    column->addWidget(name, 0, Qt::AlignHCenter);
    column->addWidget(claim, 0, Qt::AlignHCenter);
    column->addSpacing(16);
    column->addLayout(buttons);
    column->addWidget(mutedLabel(tr("or drop a file here, or two to compare them"), this), 0, Qt::AlignHCenter);
    column->addSpacing(16);
    column->addLayout(m_recent);

    auto* page = new QVBoxLayout(this);
    page->addStretch(2);
    auto* across = new QHBoxLayout;
    across->addStretch(1);
    across->addLayout(column);
    across->addStretch(1);
    page->addLayout(across);
    page->addStretch(3);
    tint();
    refresh();
}

void StartPage::refresh() {
    while (QLayoutItem* item = m_recent->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const QStringList files = recentFiles();
    if (files.isEmpty()) return;
    m_recent->addWidget(mutedLabel(tr("Recent files"), this));
    for (const QString& path : files) {
        auto* link = new QLabel(
            QStringLiteral("<a href=\"file\" style=\"text-decoration:none\">%1</a>&nbsp; <span>%2</span>")
                .arg(QFileInfo(path).fileName().toHtmlEscaped(), shortFolder(path).toHtmlEscaped()),
            this);
        link->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
        link->setFocusPolicy(Qt::StrongFocus);
        link->setForegroundRole(QPalette::PlaceholderText);
        link->setToolTip(tipText(path));
        link->setMaximumWidth(480);
        link->setAccessibleName(tr("Open %1").arg(path));
        connect(link, &QLabel::linkActivated, this, [this, path] { emit fileRequested(path); });
        m_recent->addWidget(link);
    }
}

void StartPage::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange) tint();
    QWidget::changeEvent(event);
}

void StartPage::tint() {
    const Theme& theme = Theme::current();
    m_open->setIcon(theme.icon("open"));
    m_sample->setIcon(theme.icon("sample"));
    m_emblem->setPixmap(QIcon(QStringLiteral(":/icons/alloclens.svg")).pixmap(QSize(64, 64)));
}

}  // namespace alloclens
