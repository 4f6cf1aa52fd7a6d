// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes what is open to files: findings by the same report functions that the command line uses, on a thread of its
// own, and the timeline as a picture. Asks for the path with a dialog that does not block; what became of it arrives
// as one sentence, with the filter that was in force. What is being written is written to its end, even if the window
// is closed. Nothing is written of a file that is still being read: its findings are not yet what they will be.
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
    /// A PNG has `scale` pixels for each of the screen's.
    void exportTimeline(const QString& path, double scale);

signals:
    void said(const QString& sentence);

private:
    [[nodiscard]] bool mayExport();
    [[nodiscard]] QString sourcePath() const;  ///< of the log that is open
    /// `name` is proposed. `write` gets the path and which of `filters` was chosen.
    void ask(const QString& title, const QString& name, const QStringList& filters,
             const std::function<void(const QString& path, qsizetype chosen)>& write);

    ViewState& m_state;
    TimelineView& m_timeline;
    QWidget& m_window;
};

}  // namespace alloclens
