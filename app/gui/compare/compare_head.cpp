// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/compare/compare_head.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStringList>

#include "app/gui/compare/clusters_model.h"
#include "app/gui/look/words.h"

namespace alloclens {
namespace {

QString summaryText(const Comparison& comparison) {
    QStringList parts;
    for (int i = 0; i < kClusterStateCount; ++i) {
        const std::uint64_t count = comparison.countOf[i];
        if (count > 0) parts += countText(count) + ' ' + clusterStateText(static_cast<ClusterState>(i));
    }
    return parts.isEmpty() ? QObject::tr("no findings in either run") : parts.join(QStringLiteral(" · "));
}

}  // namespace

CompareHead::CompareHead(const Comparison& comparison, QWidget* parent)
    : QWidget(parent), m_choice(new QComboBox(this)), m_words(new QLabel(this)) {
    auto* summary = new QLabel(summaryText(comparison), this);
    summary->setObjectName("compareSummary");
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    summary->setFont(strong);
    m_words->setObjectName("compareAlignment");
    m_words->setForegroundRole(QPalette::PlaceholderText);
    m_words->setMinimumWidth(1);
    auto* title = new QLabel(tr("Align by"), this);
    m_choice->setObjectName("alignBy");
    m_choice->setAccessibleName(tr("Align the timelines by"));
    m_choice->addItem(tr("matching events"));
    m_choice->addItem(tr("share of the run"));
    m_choice->addItem(tr("selected events"));
    m_choice->setItemData(0, tr("Line up the events that both runs have"), Qt::ToolTipRole);
    m_choice->setItemData(1, tr("Show both runs from start to end"), Qt::ToolTipRole);
    m_choice->setItemData(2, tr("Line up the selected event of one run with that of the other"), Qt::ToolTipRole);
    title->setBuddy(m_choice);
    auto* swap = new QPushButton(tr("Swap the runs"), this);
    swap->setObjectName("swapRuns");
    swap->setToolTip(tr("Treat the lower run as the earlier one"));
    auto* close = new QPushButton(tr("End the comparison"), this);
    close->setObjectName("endComparison");
    close->setToolTip(tr("Go back to the open log"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, 4);
    layout->setSpacing(8);
    layout->addWidget(summary);
    layout->addWidget(m_words, 1);
    layout->addWidget(title);
    layout->addWidget(m_choice);
    layout->addWidget(swap);
    layout->addWidget(close);
    connect(m_choice, &QComboBox::activated, this,
            [this](int index) { emit alignmentChosen(static_cast<AlignBy>(index)); });
    connect(swap, &QPushButton::clicked, this, &CompareHead::swapRequested);
    connect(close, &QPushButton::clicked, this, &CompareHead::closeRequested);
}

void CompareHead::show(AlignBy by, const QString& words) {
    m_choice->setCurrentIndex(static_cast<int>(by));
    m_words->setText(words);
    m_words->setToolTip(words);
}

}  // namespace alloclens
