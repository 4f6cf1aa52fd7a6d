// SPDX-License-Identifier: GPL-3.0-or-later
//
// Analyses what has been read of a file while the rest is being read, on a thread of its own: always the newest part,
// one at a time; parts that come while one is analysed are kept back until the next comes or their turn does. Made and
// destroyed by the thread that reads; destroying it cancels what it is doing, and nothing is told afterwards.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

#include "core/analysis/analysis.h"

namespace alloclens {

class PartAnalysis {
public:
    using Analysed = std::function<void(std::shared_ptr<const Analysis>)>;

    /// `analysed` is called on the thread of this object. A part that cannot be analysed is passed over: what is wrong
    /// will show when the whole file is.
    explicit PartAnalysis(Analysed analysed);
    ~PartAnalysis();

    /// Takes the place of a part that has not had its turn.
    void take(std::shared_ptr<const Trace> part);

private:
    void run(const std::stop_token& stop);

    Analysed m_analysed;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::shared_ptr<const Trace> m_newest;
    std::jthread m_thread;  ///< last, so that it ends before what it uses
};

}  // namespace alloclens
