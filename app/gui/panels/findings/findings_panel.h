// SPDX-License-Identifier: GPL-3.0-or-later
//
// The findings that the filter shows, as a tree of kinds, addresses and findings. The current row is the window's
// selection; a double-click or Enter zooms to it on the timeline. Nothing is arranged while nobody sees it.
#pragma once

#include <QModelIndex>
#include <QWidget>

#include <map>
#include <optional>

#include "app/gui/document/view_state.h"
#include "app/gui/jobs/jobs.h"
#include "app/gui/panels/findings/finding_tree.h"

class QTreeView;

namespace alloclens {

class EmptyNote;
class FindingsModel;

class FindingsPanel : public QWidget {
    Q_OBJECT
public:
    FindingsPanel(ViewState& state, QWidget* parent = nullptr);

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    /// What unfolds: a cluster, or the findings of an address in it. Named by what is the same in a grown file, as its
    /// numbers are not.
    struct Branch {
        std::uint8_t kind = 0;
        std::string signature;
        std::int32_t pid = kNoPid;
        std::optional<AddressKey> address;
        friend auto operator<=>(const Branch&, const Branch&) = default;
    };
    [[nodiscard]] Branch branchOf(std::size_t clusterRow) const;
    [[nodiscard]] std::optional<Branch> branchAt(const QModelIndex& index) const;
    [[nodiscard]] QModelIndex indexOf(const Branch& branch) const;
    void unfold();
    void makeCurrent(const QModelIndex& index);

    void refresh();
    void start();
    void showTree(FindingTree tree);
    void follow();
    void selectCurrent(const QModelIndex& current);
    void addCauseAction();

    ViewState& m_state;
    FindingsModel* m_model;
    QTreeView* m_view;
    EmptyNote* m_empty;
    bool m_isFollowing = false;
    bool m_isStale = true;
    bool m_isTitleSet = false;  ///< the first column has the width that somebody gave it
    bool m_isPlacing = false;
    bool m_isToScroll = false;            ///< the selection is new, and wanted in sight
    std::map<Branch, bool> m_isUnfolded;  ///< what was unfolded or folded of this document
    std::uint64_t m_documentNumber = 0;
    Job m_job;
};

}  // namespace alloclens
