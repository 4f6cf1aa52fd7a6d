// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <QThread>

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "app/gui/jobs/jobs.h"

namespace alloclens {
namespace {

Result<int> untilCancelled(const TaskContext& task, std::atomic<bool>& wasCancelled) {
    while (!task.isCancelled()) std::this_thread::yield();
    wasCancelled = true;
    return TaskContext::cancelled();
}

TEST(Job, AResultArrivesOnTheThreadThatAsked) {
    Job job;
    int got = 0;
    QThread* arrivedOn = nullptr;
    job.start([](const TaskContext&) -> Result<int> { return 42; },
              [&](const Result<int>& result) {
                  got = *result;
                  arrivedOn = QThread::currentThread();
              });
    EXPECT_TRUE(job.isRunning());
    EXPECT_TRUE(QTest::qWaitFor([&] { return got == 42; }));
    EXPECT_EQ(arrivedOn, QThread::currentThread());
    EXPECT_FALSE(job.isRunning());
}

TEST(Job, ANewerStartCancelsTheOlderAndOnlyItsResultArrives) {
    Job job;
    std::atomic<bool> wasCancelled = false;
    QStringList arrived;
    job.start([&](const TaskContext& task) { return untilCancelled(task, wasCancelled); },
              [&](const Result<int>&) { arrived += "older"; });
    job.start([](const TaskContext&) -> Result<int> { return 1; }, [&](const Result<int>&) { arrived += "newer"; });
    EXPECT_TRUE(QTest::qWaitFor([&] { return wasCancelled && !arrived.isEmpty(); }));
    QTest::qWait(20);
    EXPECT_EQ(arrived, QStringList{"newer"});
}

TEST(Job, ACancelledJobDeliversNothing) {
    Job job;
    std::atomic<bool> wasCancelled = false;
    bool arrived = false;
    int finished = 0;
    QObject::connect(&job, &Job::finished, &job, [&] { ++finished; });
    job.start([&](const TaskContext& task) { return untilCancelled(task, wasCancelled); },
              [&](const Result<int>&) { arrived = true; });
    job.cancel();
    EXPECT_FALSE(job.isRunning());
    EXPECT_TRUE(QTest::qWaitFor([&] { return wasCancelled.load(); }));
    QTest::qWait(20);
    EXPECT_FALSE(arrived);
    EXPECT_EQ(finished, 1);
}

TEST(Job, DestroyingARunningJobStopsIt) {
    std::atomic<bool> wasCancelled = false;
    {
        Job job;
        job.start([&](const TaskContext& task) { return untilCancelled(task, wasCancelled); },
                  [](const Result<int>&) { FAIL() << "nobody is left to hear this"; });
    }
    EXPECT_TRUE(wasCancelled);
    QTest::qWait(20);
}

TEST(Job, ProgressIsThrottledButEveryStageIsHeard) {
    Job job;
    QStringList stages;
    bool done = false;
    QObject::connect(&job, &Job::progressed, &job, [&](const QString& stage, double) { stages += stage; });
    job.start(
        [](const TaskContext& task) -> Result<int> {
            for (int i = 0; i < 100'000; ++i) task.report("reading", i / 100'000.0);
            task.report("replaying", 0);
            return 1;
        },
        [&](const Result<int>&) { done = true; });
    EXPECT_TRUE(QTest::qWaitFor([&] { return done; }));
    EXPECT_EQ(stages.front(), "reading");
    EXPECT_EQ(stages.back(), "replaying");
    EXPECT_LT(stages.size(), 100);
}

}  // namespace
}  // namespace alloclens
