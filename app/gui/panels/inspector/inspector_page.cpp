// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/inspector/inspector_page.h"

#include <QObject>
#include <QStringList>

#include <algorithm>

#include "app/gui/look/theme.h"
#include "app/gui/look/verdict_mark.h"
#include "app/gui/look/words.h"
#include "core/base/showable.h"

namespace alloclens {
namespace {

QString muted(const QString& text, const Theme& theme) {
    return QStringLiteral("<span style=\"color:%1\">%2</span>").arg(theme.mutedText.name(), text.toHtmlEscaped());
}

QString heading(const QString& text) {
    return QStringLiteral("<p style=\"margin:12px 0 4px 0\"><b>%1</b></p>").arg(text.toHtmlEscaped());
}

QString link(const QString& target, const QString& text, const Theme& theme) {
    return QStringLiteral("<a href=\"%1\" style=\"color:%2; text-decoration:none\">%3</a>")
        .arg(target, theme.accent.name(), text.toHtmlEscaped());
}

// The selected row of a list stands out by weight; it needs no link to itself.
QString entry(const QString& target, const QString& text, bool isSelected, const Theme& theme) {
    return isSelected ? QStringLiteral("<b>%1</b>").arg(text.toHtmlEscaped()) : link(target, text, theme);
}

// Where a line may be broken, with no width of its own.
const QChar kBreak(0x200b);

// Long words, such as hexadecimal dumps, may be broken anywhere.
QString breakable(const QString& text) {
    constexpr qsizetype kMostShown = 600;
    constexpr qsizetype kLongWord = 24;
    const QString shown = text.size() > kMostShown ? text.left(kMostShown) + QStringLiteral(" …") : text;
    QString broken;
    qsizetype length = 0;  // of the word so far
    for (const QChar c : toQString(showable(shown.toStdString()))) {
        length = c.isSpace() ? 0 : length + 1;
        broken += c;
        if (length >= kLongWord && !c.isHighSurrogate()) {
            broken += kBreak;
            length = 0;
        }
    }
    return broken.toHtmlEscaped();
}

}  // namespace

QString storyHeadHtml(const InspectorStory& story, const Theme& theme) {
    QString html = QStringLiteral("<p style=\"margin:0\"><span style=\"font-size:large; font-weight:600\">%1</span>"
                                  "&nbsp;&nbsp;%2</p>")
                       .arg(story.title.toHtmlEscaped(), story.place.toHtmlEscaped());
    if (story.facts.empty()) return html;
    html += QStringLiteral("<table cellspacing=\"0\" cellpadding=\"0\" style=\"margin-top:8px\">");
    for (const auto& [name, value] : story.facts) {
        html += QStringLiteral(
                    "<tr><td style=\"padding:1px 12px 1px 0\">%1</td><td style=\"padding:1px 0\">%2</td></tr>")
                    .arg(muted(name, theme), value.toHtmlEscaped());
    }
    return html + QStringLiteral("</table>");
}

// The shape of the timeline's mark as a letter.
QString markLetter(Blame blame, const Theme& theme) {
    const QString letter = blame == Blame::Program        ? QStringLiteral("✖")
                           : blame == Blame::Undetermined ? QStringLiteral("◆")
                                                          : QStringLiteral("○");
    return QStringLiteral("<span style=\"color:%1\">%2</span>&nbsp;").arg(markColour(theme, blame).name(), letter);
}

// Every candidate with what speaks for it (+) and against it (−).
QString causesHtml(const InspectorStory& story, const Theme& theme) {
    if (story.verdict.isEmpty()) return {};
    QString html = heading(QObject::tr("Cause"));
    html += QStringLiteral("<p style=\"margin:0\">%1</p>").arg(story.verdict.toHtmlEscaped());
    if (story.blame && *story.blame != Blame::Undetermined) {  // else the verdict says so itself
        html += QStringLiteral("<p style=\"margin:0\">%1</p>").arg(muted(toQString(blameWords(*story.blame)), theme));
    }
    for (const StoryCause& cause : story.causes) {
        const bool isTold = story.isFirstTold && &cause == &story.causes.front();
        if (!isTold) {
            html += QStringLiteral("<p style=\"margin:6px 0 0 0\">%1</p>").arg(muted(cause.words, theme));
        }
        const auto list = [&](const std::vector<QString>& sentences, const QString& sign) {
            for (const QString& sentence : sentences) {
                html += QStringLiteral("<p style=\"margin:0 0 0 8px\">%1&nbsp;%2</p>")
                            .arg(sign, muted(sentence, theme));
            }
        };
        list(cause.evidenceFor, QStringLiteral("+"));
        list(cause.evidenceAgainst, QStringLiteral("−"));
    }
    return html;
}

// The calls of each event, once where several have the same.
QString attributesHtml(const InspectorStory& story, const Theme& theme) {
    if (story.attributes.empty()) return {};
    QString html;
    const auto line = [](const QString& text) { return QStringLiteral("<p style=\"margin:0\">%1</p>").arg(text); };
    const bool isAnyStack = std::any_of(story.attributes.begin(), story.attributes.end(),
                                        [](const StoryAttributes& one) { return !one.calls.empty(); });
    html += heading(isAnyStack ? QObject::tr("Stack") : QObject::tr("Name"));
    for (const StoryAttributes& one : story.attributes) {
        html += QStringLiteral("<p style=\"margin:6px 0 0 0\"><b>%1</b></p>")
                    .arg(link(QStringLiteral("event:%1").arg(one.event.value), one.role, theme));
        for (const auto& [title, value] : one.texts)
            html += line(muted(title, theme) + QStringLiteral("&nbsp; ") + breakable(value));
        if (!one.sameCallsAs.isEmpty())
            html += line(muted(QObject::tr("the same calls as %1").arg(one.sameCallsAs), theme));
        for (const QString& call : one.calls)
            html += QStringLiteral("<p style=\"margin:0; font-family:monospace\">%1</p>").arg(breakable(call));
    }
    return html;
}

QString storyEventsHtml(const InspectorStory& story, const Theme& theme) {
    QString html;
    if (!story.findingTitle.isEmpty()) {
        html += heading(story.findingTitle);
        html += QStringLiteral("<p style=\"margin:0 0 4px 0\">%1</p>").arg(muted(story.findingHelp, theme));
    }
    for (const StoryEvent& event : story.events) {
        const QString target = event.event.isValid() ? QStringLiteral("event:%1").arg(event.event.value)
                                                     : QStringLiteral("line:%1").arg(event.line);
        const QString mark = event.isRefused ? markLetter(story.blame.value_or(Blame::Undetermined), theme) : QString();
        html += QStringLiteral("<p style=\"margin:8px 0 0 0\">%1<b>%2</b>&nbsp;&nbsp;%3</p>")
                    .arg(mark, event.role.toHtmlEscaped(),
                         link(target, QObject::tr("line %1").arg(countText(event.line)), theme));
        QStringList place;
        for (const QString& part : {event.time, event.sender}) {
            if (!part.isEmpty()) place += part;
        }
        if (!place.isEmpty()) {
            html += QStringLiteral("<p style=\"margin:0\">%1</p>").arg(muted(place.join(QStringLiteral(" · ")), theme));
        }
        html += QStringLiteral("<p style=\"margin:0; font-family:monospace\">%1</p>").arg(breakable(event.text));
    }
    html += attributesHtml(story, theme);
    html += causesHtml(story, theme);
    if (!story.surplus.isEmpty()) {
        html += QStringLiteral("<p style=\"margin:8px 0 0 0\">%1</p>").arg(story.surplus.toHtmlEscaped());
    }
    for (const QString& sentence : story.contradictions) {
        html += QStringLiteral("<p style=\"margin:8px 0 0 0\">%1</p>")
                    .arg(muted(QObject::tr("Contradiction: %1").arg(sentence), theme));
    }
    return html;
}

QString storyLifetimesHtml(const InspectorStory& story, const Theme& theme, bool isWhole) {
    QString html;
    // The first rows and the selected one; how many are left out.
    const auto select = [isWhole](const auto& rows) {
        constexpr std::size_t kFew = 10;
        std::vector<std::size_t> shown;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (isWhole || i < kFew || rows.size() <= kFew + 2 || rows[i].isSelected) shown.push_back(i);
        }
        return shown;
    };
    const auto showAll = [&theme](std::size_t left) {
        if (left == 0) return QString();
        const QString words = QObject::tr("show %1 more").arg(countText(left));
        return QStringLiteral("<p style=\"margin:0 0 2px 0\">%1</p>").arg(link(QStringLiteral("all:"), words, theme));
    };
    if (!story.findings.empty()) {
        html += heading(QObject::tr("Findings of this address"));
        const auto shown = select(story.findings);
        for (const std::size_t i : shown) {
            const StoryFinding& finding = story.findings[i];
            html += QStringLiteral("<p style=\"margin:0 0 2px 0\">%1</p>")
                        .arg(entry(QStringLiteral("finding:%1").arg(finding.id.value), finding.text, finding.isSelected,
                                   theme));
        }
        html += showAll(story.findings.size() - shown.size());
        if (story.moreFindings > 0) html += muted(QObject::tr("and %1 more").arg(countText(story.moreFindings)), theme);
    }
    if (!story.lifetimes.empty()) {
        html += heading(QObject::tr("Lifetimes of this address"));
        const auto shown = select(story.lifetimes);
        for (const std::size_t i : shown) {
            const StoryLifetime& lifetime = story.lifetimes[i];
            html += QStringLiteral("<p style=\"margin:0 0 2px 0\">%1&nbsp; %2</p>")
                        .arg(entry(QStringLiteral("lifetime:%1").arg(lifetime.id.value), lifetime.name,
                                   lifetime.isSelected, theme),
                             lifetime.sentence.toHtmlEscaped());
        }
        html += showAll(story.lifetimes.size() - shown.size());
        if (story.moreLifetimes > 0)
            html += muted(QObject::tr("and %1 more").arg(countText(story.moreLifetimes)), theme);
    }
    if (!story.siblings.empty()) {
        html += heading(QObject::tr("The same address on other devices"));
        html += QStringLiteral("<table cellspacing=\"0\" cellpadding=\"0\">");
        for (const StorySibling& sibling : story.siblings) {
            html += QStringLiteral("<tr><td style=\"padding:1px 12px 1px 0\">%1</td><td style=\"padding:1px 12px 1px "
                                   "0; font-family:monospace\">%2</td><td style=\"padding:1px 0\">%3</td></tr>")
                        .arg(link(QStringLiteral("address:%1").arg(sibling.id.value),
                                  QObject::tr("device %1").arg(sibling.device), theme),
                             sibling.lifecycle.toHtmlEscaped(), muted(sibling.state, theme));
        }
        html += QStringLiteral("</table>");
        if (story.moreSiblings > 0)
            html += muted(QObject::tr("and %1 more devices").arg(countText(story.moreSiblings)), theme);
    }
    return html;
}

void followStoryLink(ViewState& state, const InspectorStory& story, const QString& link) {
    if (!story.analysis) return;
    const Analysis& of = *story.analysis;
    const QString kind = link.section(':', 0, 0);
    const std::uint32_t number = link.section(':', 1).toUInt();
    if (kind == "event") state.select(selectionOf(of, EventId(number)), of);
    if (kind == "lifetime") state.select(selectionOf(of, LifetimeId(number)), of);
    if (kind == "finding") state.select(selectionOf(of, FindingId(number)), of);
    if (kind == "address") state.select(selectionOf(of, AddressId(number)), of);
    if (kind == "line") state.selectLine(number);
    state.revealSelection();
}

}  // namespace alloclens
