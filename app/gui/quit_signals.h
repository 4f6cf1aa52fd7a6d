// SPDX-License-Identifier: GPL-3.0-or-later
//
// Ends the program in order when it is told to by a signal (SIGTERM, SIGINT, or SIGHUP where that is not ignored): what
// is recorded is completed first. A second signal ends it at once, without the end of the trace but also without the
// recorder's socket. Lives on the GUI thread; one a program.
#pragma once

#include <QObject>
#include <QSocketNotifier>

#include <array>
#include <memory>

namespace alloclens {

class QuitSignals : public QObject {
    Q_OBJECT
public:
    explicit QuitSignals(QObject* parent = nullptr);
    ~QuitSignals() override;

private:
    void obey();
    void quitWhenRecorded();

    std::array<int, 2> m_ends{-1, -1};  ///< the handler writes into the second
    std::unique_ptr<QSocketNotifier> m_notifier;
    bool m_isQuitting = false;
};

}  // namespace alloclens
