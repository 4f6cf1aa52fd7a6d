// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/source/source_lines.h"

#include <algorithm>

namespace alloclens {
namespace {

constexpr std::uint32_t kMargin = 200;  // lines read before and behind what is asked for

using Texts = std::vector<QString>;

}  // namespace

QString displayText(const std::string& bytes) {
    QString text = QString::fromStdString(bytes);
    for (QChar& c : text) {
        if (c == '\t') {
            c = ' ';
        } else if (c.unicode() < 0x20) {
            c = QChar(static_cast<char16_t>(0x2400 + c.unicode()));
        } else if (c.unicode() == 0x7f) {
            c = QChar(u'\u2421');
        }
    }
    return text;
}

SourceLines::SourceLines(QObject* parent) : QObject(parent) {}

void SourceLines::setTrace(std::shared_ptr<const Trace> trace) {
    m_job.cancel();
    m_trace = std::move(trace);
    m_texts.clear();
    m_wantedFirst = m_wantedEnd = 0;
    m_problem.clear();
}

void SourceLines::growTrace(std::shared_ptr<const Trace> trace) {
    m_trace = std::move(trace);
    m_wantedFirst = m_wantedEnd = 0;
}

void SourceLines::want(std::uint32_t first, std::uint32_t count) {
    if (!m_trace || count == 0) return;
    const std::uint32_t lines = m_trace->source->lines();
    first = std::clamp<std::uint32_t>(first, 1, std::max(lines, 1U));
    const std::uint32_t end = first + std::min(count, lines - first + 1);
    if (first >= m_wantedFirst && end <= m_wantedEnd) return;
    m_wantedFirst = first > kMargin ? first - kMargin : 1;
    m_wantedEnd = lines - end < kMargin ? lines + 1 : end + kMargin;
    m_job.start(
        [trace = m_trace, from = m_wantedFirst,
         wanted = m_wantedEnd - m_wantedFirst](const TaskContext&) -> Result<Texts> {
            const auto lineTexts = trace->source->linesText(from, wanted);
            if (!lineTexts) return lineTexts.error();
            Texts texts;
            texts.reserve(lineTexts->size());
            std::transform(lineTexts->begin(), lineTexts->end(), std::back_inserter(texts), displayText);
            return texts;
        },
        [this, from = m_wantedFirst](Result<Texts> texts) {
            m_problem = texts ? QString() : QString::fromStdString(texts.error().sentence());
            m_texts = texts ? std::move(*texts) : Texts{};
            m_first = from;
            if (!texts) m_wantedFirst = m_wantedEnd = 0;  // so that it is tried again
            emit arrived();
        });
}

const QString* SourceLines::textOf(std::uint32_t line) const {
    if (line < m_first || line - m_first >= m_texts.size()) return nullptr;
    return &m_texts[line - m_first];
}

}  // namespace alloclens
