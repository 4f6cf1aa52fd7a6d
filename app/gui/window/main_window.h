// SPDX-License-Identifier: GPL-3.0-or-later
//
// One window with one document. It puts the parts together and passes word between them: the document's results to
// the view state, the commands to whoever carries them out, errors to the message strip. It decides nothing itself.
#pragma once

#include <QMainWindow>
#include <QString>

#include "app/gui/commands/commands.h"
#include "app/gui/compare/run_comparison.h"
#include "app/gui/document/document.h"
#include "app/gui/document/recording.h"
#include "app/gui/document/view_state.h"

class QStackedWidget;

namespace alloclens {

class CompareView;
class FileExport;
class FilterBar;
class MessageStrip;
class StartPage;
class StatusLine;
class TimelineView;
class Workspace;

class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(QWidget* parent = nullptr);
    ~MainWindow() override;

    /// These ask first if that leaves a recording which is shown.
    void openFile(const QString& path);
    void followFile(const QString& path);
    /// Reads it with the importer of that name, whatever it looks like.
    void openFileAs(const QString& path, const QString& format);
    /// Holds the file at `path` against the document and shows both; nothing where nothing is open. Of a document that
    /// is still being read it says so instead.
    void compareWith(const QString& path);
    /// Opens the file at `before` and, once it has been read, holds the one at `after` against it.
    void openAndCompare(const QString& before, const QString& after);
    void showMessage(const QString& text);

    [[nodiscard]] ViewState& state() { return m_state; }
    [[nodiscard]] Document& document() { return m_document; }
    [[nodiscard]] Recording& recording() { return m_recording; }
    [[nodiscard]] const Commands& commands() const { return m_commands; }

protected:
    void changeEvent(QEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void compose();
    void connectDocument();
    void connectState();
    void connectRecording();
    void open(const OpenRequest& request);
    void waitForFirstClient(const QString& path);
    void leaveRecording(const std::function<void()>& act);
    void offerHistory();
    void showWhatRuns();
    void showPart(const OpenRequest& due, const std::shared_ptr<const Analysis>& analysis,
                  const std::shared_ptr<const FilterResult>& filter);
    void showLoaded(const OpenRequest& due, const std::shared_ptr<const Analysis>& analysis,
                    const std::shared_ptr<const FilterResult>& filter);
    void showFollowed(const OpenRequest& due, const std::shared_ptr<const Analysis>& analysis,
                      const std::shared_ptr<const FilterResult>& filter, bool isAnew, const QString& notice);
    void showDocument(const std::shared_ptr<const Analysis>& analysis, const QString& filter, bool isGrowing);
    void showNamed();
    void sayNotes(const Analysis& analysis);
    void showBefore();
    void tint();

    // window_commands.cpp: what each command does.
    void connectCommands();
    void connectFileCommands();
    void connectEditCommands();
    void connectViewCommands();
    void connectGoCommands();
    void on(Command command, const std::function<void()>& act);
    void askForFile(const QString& title, const std::function<void(const QString&)>& take);
    void askForRecording();
    void stopFollowing();
    void reload();
    void clearOne();
    void copyFromFocus();
    void showAbout();

    // window_comparison.cpp
    void connectComparison();
    void showComparison(const std::shared_ptr<const ComparedRuns>& compared, bool isOrderGuessed);
    void sayOrder();
    void endComparison();
    void dropComparison();
    void fit();
    void showAll();
    void moveTimeline(const std::function<void(TimelineView&)>& move);

    ViewState m_state;
    Document m_document;
    Recording m_recording;
    RunComparison m_comparison;
    Commands m_commands;
    FilterBar* m_filterBar = nullptr;
    MessageStrip* m_message = nullptr;
    QStackedWidget* m_stack = nullptr;
    StartPage* m_start = nullptr;
    Workspace* m_workspace = nullptr;
    CompareView* m_compare = nullptr;  ///< while two runs are compared
    StatusLine* m_status = nullptr;
    FileExport* m_export = nullptr;
    std::shared_ptr<const ViewState::Shown> m_before;  ///< what was open before the parts of a file
    QString m_notesSaid;                               ///< of the reading of this document, said once
    bool m_isClosing = false;                          ///< as soon as the recording has ended
    bool m_isWaitingForClient = false;                 ///< the message says so
};

}  // namespace alloclens
