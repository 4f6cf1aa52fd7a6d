// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes what is open to files: findings by the same report functions that the command line uses, on a thread of its
// own, and the timeline as a picture. Asks for the path with a dialog that does not block; what became of it arrives
// as one sentence. What is being written is written to its end, even if the window is closed. Nothing is written of a
// file that is still being read: its findings are not yet what they will be.
#pragma once

#include <QObject>
#include <QString>

#include <functional>

#include "app/gui/document/view_state.h"

class QWidget;

namespace alloclens {

class TimelineView;

class FileExport : public QObject {
    Q_OBJECT
public:
    FileExport(ViewState& state, TimelineView& timeline, QWidget& window);

    /// `format` is a format of the findings report: "csv", "json".
    void askAndExportFindings(const QString& format);
    void askAndExportTimeline();

    void exportFindings(const QString& path, const QString& format);
    void exportTimeline(const QString& path);

signals:
    void said(const QString& sentence);

private:
    [[nodiscard]] bool mayExport();
    void ask(const QString& title, const QString& suffix, const QStringList& filters,
             const std::function<void(const QString&)>& write);

    ViewState& m_state;
    TimelineView& m_timeline;
    QWidget& m_window;
};

}  // namespace alloclens
