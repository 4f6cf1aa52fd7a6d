// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/source/source_search.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "core/query/row_loop.h"
#include "core/query/source_scan.h"

namespace alloclens {
namespace {

using query::SourceStretch;

/// A text as bytes in both cases. Where these are not enough to tell a letter from another one, the lines that have
/// the bytes are looked at again.
class Pattern {
public:
    explicit Pattern(const QString& text) : m_text(text) {
        if (std::any_of(text.begin(), text.end(), [](QChar c) { return c.isSurrogate(); })) {
            m_lower = m_upper = text.toStdString();  // rare letters are found as they are typed
            return;
        }
        for (const QChar c : text) {
            const std::string lower = QString(c.toLower()).toStdString();
            const std::string upper = QString(c.toUpper()).toStdString();
            const bool isAlike = lower.size() == upper.size();
            m_lower += isAlike ? lower : QString(c).toStdString();
            m_upper += isAlike ? upper : QString(c).toStdString();
            m_isRough |= isAlike && lower != upper && lower.size() > 1;
        }
    }
    [[nodiscard]] query::Needle needle() const { return {m_lower, m_upper}; }
    /// Drops the lines that only look like hits.
    [[nodiscard]] Result<void> check(const SourceText& source, SourceHits& hits) const {
        if (!m_isRough) return {};
        SourceHits checked;
        for (const std::uint32_t line : hits) {
            const auto text = source.lineText(line);
            if (!text) return text.error();
            if (QString::fromStdString(*text).contains(m_text, Qt::CaseInsensitive)) checked.push_back(line);
        }
        hits = std::move(checked);
        return {};
    }

private:
    QString m_text;
    std::string m_lower;
    std::string m_upper;
    bool m_isRough = false;
};

/// What the threads of one search share: the hits of each stretch, in the order in which the stretches are searched.
class Search {
public:
    Search(const SourceText& source, const QString& text, std::uint32_t from, SearchDirection direction,
           const std::function<void(std::uint32_t)>& nearest)
        : m_source(source),
          m_pattern(text),
          m_scan(source, {m_pattern.needle()}),
          m_stretches(query::stretchesOf(source, query::SourceScan::kStretchBytes)),
          m_hits(m_stretches.size()),
          m_isDone(m_stretches.size(), false),
          m_from(from),
          m_direction(direction),
          m_nearest(nearest) {
        const auto behind = std::partition_point(m_stretches.begin(), m_stretches.end(),
                                                 [from](const SourceStretch& s) { return s.firstLine <= from; });
        m_first = behind == m_stretches.begin() ? 0 : static_cast<std::size_t>(behind - m_stretches.begin()) - 1;
    }

    [[nodiscard]] Result<SourceHits> run(const TaskContext& task) {
        query::RowLoop rows(task);
        rows.inChunks(m_stretches.size(), 1, [&](std::size_t turn, std::size_t) { searchStretch(turn, task); });
        if (m_error) return *m_error;
        if (rows.isCancelled()) return TaskContext::cancelled();
        SourceHits all;
        for (const SourceHits& hits : m_hits) all.insert(all.end(), hits.begin(), hits.end());
        if (const std::uint32_t line = nextHit(all, m_from, m_direction); line != 0) tell(line);
        return all;
    }

private:
    // The stretch of `from` first, then away from it and around the end.
    [[nodiscard]] std::size_t stretchAt(std::size_t turn) const {
        const std::size_t count = m_stretches.size();
        return m_direction == SearchDirection::Down ? (m_first + turn) % count : (m_first + count - turn) % count;
    }

    void searchStretch(std::size_t turn, const TaskContext& task) {
        const std::size_t at = stretchAt(turn);
        SourceHits hits;
        Result<void> searched = m_scan.scan(m_stretches[at],
                                            [&](std::uint32_t line, std::size_t) { hits.push_back(line); });
        if (searched) searched = m_pattern.check(m_source, hits);
        const std::lock_guard lock(m_mutex);
        if (!searched && !m_error) m_error = searched.error();
        m_hits[at] = std::move(hits);
        m_isDone[at] = true;
        task.report("searching", static_cast<double>(++m_done) / static_cast<double>(m_stretches.size()));
        for (; m_sureTurns < m_stretches.size() && m_isDone[stretchAt(m_sureTurns)]; ++m_sureTurns) tellOf(m_sureTurns);
    }

    // All stretches before this one in turn are done.
    void tellOf(std::size_t turn) {
        const SourceHits& hits = m_hits[stretchAt(turn)];
        if (hits.empty() || m_isTold || m_error) return;
        const std::uint32_t line = nextHit(hits, m_from, m_direction);
        const bool isAhead = m_direction == SearchDirection::Down ? line > m_from : line < m_from;
        if (turn != 0 || isAhead) tell(line);
    }
    void tell(std::uint32_t line) {
        if (!std::exchange(m_isTold, true) && m_nearest) m_nearest(line);
    }

    const SourceText& m_source;
    const Pattern m_pattern;
    const query::SourceScan m_scan;
    const std::vector<SourceStretch> m_stretches;
    std::mutex m_mutex;
    std::vector<SourceHits> m_hits;  ///< by stretch
    std::vector<bool> m_isDone;      ///< by stretch
    std::size_t m_done = 0;
    std::size_t m_sureTurns = 0;
    bool m_isTold = false;
    std::optional<Error> m_error;
    std::size_t m_first = 0;  ///< the stretch of m_from
    const std::uint32_t m_from;
    const SearchDirection m_direction;
    const std::function<void(std::uint32_t)>& m_nearest;
};

}  // namespace

std::uint32_t nextHit(const SourceHits& hits, std::uint32_t from, SearchDirection direction) {
    if (hits.empty()) return 0;
    if (direction == SearchDirection::Down) {
        const auto at = std::upper_bound(hits.begin(), hits.end(), from);
        return at != hits.end() ? *at : hits.front();
    }
    const auto at = std::lower_bound(hits.begin(), hits.end(), from);
    return at != hits.begin() ? at[-1] : hits.back();
}

Result<SourceHits> findInSource(const SourceText& source, const QString& text, std::uint32_t from,
                                SearchDirection direction, const TaskContext& task,
                                const std::function<void(std::uint32_t)>& nearest) {
    if (text.isEmpty() || source.lines() == 0) return SourceHits{};
    return Search(source, text, from, direction, nearest).run(task);
}

}  // namespace alloclens
