// SPDX-License-Identifier: GPL-3.0-or-later
//
// What all views of one document share: the analysis they read, what the filter lets through, the visible range, the
// axes, and the selection. A view is a function of this and knows no other view; it changes the state by the setters
// and repaints on the signals. Lives on the GUI thread; owned by the main window.
#pragma once

#include <QObject>
#include <QString>

#include <memory>
#include <vector>

#include "app/gui/document/selection.h"
#include "core/analysis/analysis.h"
#include "core/query/filter.h"
#include "core/timeline/axis.h"
#include "core/timeline/picture.h"

namespace alloclens {

struct Scene;

class ViewState : public QObject {
    Q_OBJECT
public:
    explicit ViewState(QObject* parent = nullptr);

    /// Null while nothing is open.
    [[nodiscard]] const std::shared_ptr<const Analysis>& analysis() const { return m_analysis; }
    /// Null while no filter is set: everything passes.
    [[nodiscard]] const std::shared_ptr<const FilterResult>& filterResult() const { return m_filterResult; }
    [[nodiscard]] const QString& filterText() const { return m_filterText; }
    [[nodiscard]] const Selection& selection() const { return m_selection; }
    [[nodiscard]] const ViewRange& range() const { return m_range.range; }
    [[nodiscard]] const RangeOnAxes& rangeOnAxes() const { return m_range; }
    [[nodiscard]] AcrossMode acrossMode() const { return m_acrossMode; }
    [[nodiscard]] DownMode downMode() const { return m_downMode; }
    [[nodiscard]] ColourMode colourMode() const { return m_colourMode; }

    [[nodiscard]] bool showsEvent(EventId id) const { return !m_filterResult || m_filterResult->events[id.index()]; }
    [[nodiscard]] bool showsFinding(FindingId id) const {
        return !m_filterResult || m_filterResult->findings[id.index()];
    }

    /// Shows another document: clears selection, filter and history. `isGrowing`: its file is still being read.
    void setAnalysis(std::shared_ptr<const Analysis> analysis, bool isGrowing = false);
    /// Shows the same document again, of which more has been read, under the filter that is set: `result` is its
    /// result for the new analysis. Selection and history are carried over, the range stays.
    void growAnalysis(std::shared_ptr<const Analysis> analysis, std::shared_ptr<const FilterResult> result,
                      bool isGrowing);
    /// The file is still being read: what is shown is what has been read so far.
    [[nodiscard]] bool isGrowing() const { return m_isGrowing; }
    /// The file is being followed while it is written: a view that shows its end goes on showing it.
    void setFollowing(bool isFollowing);
    [[nodiscard]] bool isFollowing() const { return m_isFollowing; }
    /// Another one for each document, the same while it grows.
    [[nodiscard]] std::uint64_t documentNumber() const { return m_documentNumber; }
    /// Whether it is what is open, or what was open of the same document before.
    [[nodiscard]] bool shows(const Analysis& analysis) const;
    /// Whether the range was made for this document; false until a view has set one.
    [[nodiscard]] bool hasRange() const { return m_hasRange; }

    /// All that belongs to the document, to be shown again after another one.
    struct Shown;
    [[nodiscard]] std::shared_ptr<const Shown> shown() const;
    void showAgain(const Shown& shown);

    /// The user typed or clicked another filter; its result follows by setFilterResult.
    void requestFilter(const QString& text);
    /// The result of evaluating filterText(); null for the empty filter.
    void setFilterResult(std::shared_ptr<const FilterResult> result);

    void selectEvent(EventId id);
    void selectLifetime(LifetimeId id);
    void selectAddress(AddressId id);
    void selectFinding(FindingId id);
    void selectLine(std::uint32_t line);  ///< and the event on it, if there is one
    /// What was clicked in a view that shows `of`, which may be older than what is open by now.
    void select(const Selection& selection, const Analysis& of);
    void clearSelection();
    /// The finding whose primary event lies before or behind the selection among those shown; wraps around.
    void selectNextFinding(int direction);
    /// The event of the selected address before or behind the selected event.
    void selectNextEventOfAddress(int direction);

    /// A view asks that the selection be brought into sight (double-click, link): emits revealRequested.
    void revealSelection();
    /// The same, and the timeline zooms to it: emits zoomRequested.
    void zoomToSelection();

    /// A range on the axes of `of`; nothing where that shows another document.
    void setRange(const ViewRange& range, const Scene& of);
    /// The same as a place of its own in the history, so that one can go back from it.
    void jumpTo(const ViewRange& range, const Scene& of);
    void setAcrossMode(AcrossMode mode);  ///< nothing where the trace has no such axis
    void setDownMode(DownMode mode);
    void setColourMode(ColourMode mode);

    // History of views: each pause in navigation is a place to come back to.
    [[nodiscard]] bool canGoBack() const { return m_historyAt > 0; }
    [[nodiscard]] bool canGoForward() const { return m_historyAt + 1 < m_history.size(); }
    void goBack();
    void goForward();

signals:
    void analysisChanged();
    void filterRequested(const QString& text);
    void filterChanged();
    void selectionChanged();
    void revealRequested();
    void zoomRequested();
    void rangeChanged();
    void axesChanged();
    void historyChanged();
    void followingChanged();

private:
    struct Place {
        RangeOnAxes range;
        Selection selection;
        AcrossMode acrossMode;
        DownMode downMode;
        QString filterText;
    };

    void tellAll();
    /// Takes the order of events across where the trace lacks what is chosen; false then.
    [[nodiscard]] bool keepAcrossMode();
    void setSelection(const Selection& selection);
    void takeRange(const RangeOnAxes& range);
    void remember();
    void addPlace();
    void restore(const Place& place);
    [[nodiscard]] Place here() const;

    std::shared_ptr<const Analysis> m_analysis;
    std::vector<const Analysis*> m_olderParts;  ///< of the same document; views may still show one
    std::shared_ptr<const FilterResult> m_filterResult;
    QString m_filterText;
    Selection m_selection;
    RangeOnAxes m_range;
    std::uint64_t m_documentNumber = 0;
    std::uint64_t m_lastDocumentNumber = 0;
    bool m_isGrowing = false;
    bool m_isFollowing = false;
    bool m_hasRange = false;
    AcrossMode m_acrossMode = AcrossMode::EventOrder;
    DownMode m_downMode = DownMode::Packed;
    ColourMode m_colourMode = ColourMode::Memory;
    std::vector<Place> m_history;
    std::size_t m_historyAt = 0;
    bool m_isRestoring = false;
};

}  // namespace alloclens
