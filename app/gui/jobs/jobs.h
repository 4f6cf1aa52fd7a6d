// SPDX-License-Identifier: GPL-3.0-or-later
//
// Work off the GUI thread. A Job is one kind of work ("load", "filter", "sort"): starting it anew cancels what it was
// doing, and only the newest result arrives. Work runs on a thread of its own; results and progress come by queued
// calls on the thread that owns the Job. Destroying a Job cancels its work and waits until it has let go, which takes
// as long as the work's loops need to look at TaskContext::isCancelled.
#pragma once

#include <QObject>
#include <QString>

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <new>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>

#include "core/base/memory.h"
#include "core/base/parallel.h"
#include "core/base/result.h"
#include "core/base/task.h"

namespace alloclens {

class Job : public QObject {
    Q_OBJECT
public:
    explicit Job(QObject* parent = nullptr);
    ~Job() override;

    /// Runs `work(const TaskContext&) -> Result<T>` on a thread and calls `done(Result<T>)` back here, unless the job
    /// was cancelled or started anew in the meantime. What `work` captures must not belong to the GUI thread.
    template <typename Work, typename Done>
    void start(Work work, Done done) {
        using Outcome = std::invoke_result_t<Work, const TaskContext&>;
        run([work = std::move(work), done = std::move(done)](const TaskContext* task) -> std::function<void()> {
            auto outcome = std::make_shared<Outcome>(task != nullptr ? guarded<Outcome>(work, *task)
                                                                     : Outcome(noThread({})));
            return [outcome, done] { done(std::move(*outcome)); };
        });
    }

    /// The same for work that has something to show on its way: `work(const TaskContext&, const Tell<Part>&)` may tell
    /// parts from any of its threads, and `heard(Part)` is called back here for each, before `done`.
    template <typename Part>
    using Tell = std::function<void(Part)>;
    template <typename Part, typename Work, typename Heard, typename Done>
    void startTelling(Work work, Heard heard, Done done) {
        auto hear = std::make_shared<const Heard>(std::move(heard));
        const std::uint64_t serial = m_lastSerial + 1;
        start(
            [this, serial, hear, work = std::move(work)](const TaskContext& task) {
                const Tell<Part> tell = [this, serial, hear](Part part) {
                    callBack(serial, [hear, part = std::move(part)] { (*hear)(part); });
                };
                return work(task, tell);
            },
            std::move(done));
    }

    /// Drops the running work; its result will not arrive.
    void cancel();
    [[nodiscard]] bool isRunning() const { return m_current != 0; }

signals:
    void started();
    /// At most twenty times a second, and at every new stage.
    void progressed(const QString& stage, double fraction);
    /// The work is over: its result was delivered, or it was cancelled.
    void finished();

private:
    /// Without a task, which is when the system starts no thread, the outcome is that error.
    using Body = std::function<std::function<void()>(const TaskContext* task)>;
    struct Run {
        std::uint64_t serial;
        std::jthread thread;
    };

    template <typename Outcome, typename Work>
    static Outcome guarded(const Work& work, const TaskContext& task) {
        try {
            return work(task);
        } catch (const std::bad_alloc&) {
            return outOfMemory({});
        } catch (const std::system_error&) {
            return noThread({});
        }
    }

    void run(Body body);
    void callBack(std::uint64_t serial, std::function<void()> call);
    [[nodiscard]] TaskContext::ProgressFunction progressOf(std::uint64_t serial);
    void complete(std::uint64_t serial, const std::function<void()>& deliver);

    std::list<Run> m_runs;
    std::uint64_t m_lastSerial = 0;
    std::uint64_t m_current = 0;  ///< serial of the wanted run; 0 is none
};

}  // namespace alloclens
