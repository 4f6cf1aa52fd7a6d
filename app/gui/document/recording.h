// SPDX-License-Identifier: GPL-3.0-or-later
//
// The recorder as the window has it: opened and run on threads of their own, told to stop, and asked how it went. What
// is recorded is looked at by following its file. Lives on the GUI thread; destroying it ends a recording with a
// complete file.
#pragma once

#include <QObject>
#include <QString>
#include <QTimer>

#include <memory>
#include <thread>

#include "app/gui/jobs/jobs.h"
#include "app/record/recorder.h"

namespace alloclens {

class Recording : public QObject {
    Q_OBJECT
public:
    explicit Recording(QObject* parent = nullptr);
    ~Recording() override;

    /// started() or refused() follows. One at a time.
    void start(const record::RecorderOptions& options);
    /// ended() follows, also where it is still being opened; refused() where it cannot be.
    void stop();
    /// Removes the socket's file, for a program that is about to end without the recording's end.
    void leavePlace();
    /// From start() until it was refused or has ended.
    [[nodiscard]] bool isRunning() const { return m_opening.isRunning() || m_recorder != nullptr; }
    /// Of the trace; empty before the first start.
    [[nodiscard]] const QString& path() const { return m_path; }

signals:
    /// Something went wrong that does not end the recording.
    void noticed(const QString& sentence);
    void started(const QString& path);
    void refused(const Error& error);  ///< nothing was recorded
    /// The file is complete. `summary` says what is in it, and what went wrong where something did.
    void ended(const QString& summary);

private:
    void run(std::shared_ptr<record::Recorder> recorder);
    void lookForNotices();
    void finish(const Result<void>& outcome);

    QString m_path;
    Job m_opening;
    bool m_isToStop = false;                       ///< told so while it was being opened
    std::shared_ptr<record::Recorder> m_recorder;  ///< null while nothing is recorded
    std::jthread m_thread;
    QTimer m_looks;                 ///< for notices
    std::size_t m_noticesSaid = 0;  ///< of the recorder's
};

}  // namespace alloclens
