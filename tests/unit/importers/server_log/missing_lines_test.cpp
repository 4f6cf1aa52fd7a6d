// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/missing_lines.h"

#include <gtest/gtest.h>

#include "tests/unit/support/log_fixture.h"

namespace alloclens::server_log {
namespace {

/// The number of lines that a notice names, 0 where it names none; -1 where the text is not a notice.
std::int64_t missingIn(std::string_view text) {
    const auto fact = matchMissingLines(text);
    return fact ? static_cast<std::int64_t>(fact->count) : -1;
}

TEST(MissingLines, AreToldByJournaldAndRsyslog) {
    EXPECT_EQ(missingIn("Feb 26 21:56:40 node7 systemd-journald[388]: Suppressed 46 messages from alloc.service"), 46);
    EXPECT_EQ(missingIn("Suppressed 1,234 messages from /system.slice/alloc.service"), 1234);
    EXPECT_EQ(missingIn("rsyslogd-2177: imuxsock lost 208 messages from pid 4711 due to rate-limiting"), 208);
    EXPECT_EQ(missingIn("rsyslogd: imjournal: 4096 messages lost due to rate-limiting (20000 allowed within 600 s)"),
              4096);
    EXPECT_EQ(missingIn("rsyslogd: imjournal: begin to drop messages due to rate-limiting"), 0);
    EXPECT_EQ(missingIn("Forwarding to syslog missed 30 messages."), 30);
}

TEST(MissingLines, AreToldByWhateverCutsAText) {
    EXPECT_EQ(missingIn("-- 12 messages dropped --"), 12);
    EXPECT_EQ(missingIn("[12 lines omitted]"), 12);
    EXPECT_EQ(missingIn("... 3 lines not shown ..."), 3);
    EXPECT_EQ(missingIn("<... 1 more line truncated ...>"), 1);
    EXPECT_EQ(missingIn("[2026-02-26 21:56:40] [... 77 log lines skipped ...]"), 77);
    EXPECT_EQ(missingIn("[... 4096 bytes truncated ...]"), 0) << "nobody knows how many lines that are";
}

TEST(MissingLines, AreToldByServicesThatRunJobs) {
    EXPECT_EQ(missingIn("Job's log exceeded limit of 4194304 bytes."), 0);
    EXPECT_EQ(missingIn("Job execution will continue but no more output will be collected."), 0);
    EXPECT_EQ(missingIn("The job exceeded the maximum log length, and has been terminated."), 0);
    EXPECT_EQ(missingIn("This step has been truncated due to its large size. Download the full logs."), 0);
    EXPECT_EQ(missingIn("Skipping 12,345 KB.. Full Log"), 0);
}

TEST(MissingLines, OfAProgramsOwnAreNotOfTheLog) {
    EXPECT_EQ(missingIn("worker 3 dropped 5 messages because its queue was full"), -1);
    EXPECT_EQ(missingIn("E         ...Full output truncated (12 lines hidden), use '-vv' to show"), -1);
    EXPECT_EQ(missingIn("kernel: net_ratelimit: 10 callbacks suppressed"), -1);
    EXPECT_EQ(missingIn("systemd-journald[1]: Missed 12 kernel messages"), -1);
    EXPECT_EQ(missingIn("tests/test_mesh.py::test_prefill SKIPPED (needs 70 devices, 3 lines)"), -1);
    EXPECT_EQ(missingIn("⚠️  Invalid size 0 - ignoring message"), -1);
    EXPECT_EQ(missingIn("Unknown message type: 4"), -1);
}

TEST(MissingLines, AreAFactOfTheLogThatNamesThem) {
    const auto analysis = test::analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                           "systemd-journald[388]: Suppressed 46 messages from alloc.service\n");
    ASSERT_EQ(analysis->trace->facts.size(), 1U);
    EXPECT_EQ(analysis->trace->facts[0].kind, FactKind::LinesMissing);
    EXPECT_EQ(analysis->trace->facts[0].count, 46U);
    EXPECT_EQ(analysis->trace->facts[0].line, 2U);
}

}  // namespace
}  // namespace alloclens::server_log
