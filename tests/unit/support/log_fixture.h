// SPDX-License-Identifier: GPL-3.0-or-later
//
// Analyses for tests, made from a log's text by the real importer, so that a test shows the lines that it is about.
// Failures to write or read end the test program with a message: they are no test's subject.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <unistd.h>

#include "core/analysis/analysis.h"
#include "importers/importer.h"

namespace alloclens::test {

[[noreturn]] inline void stop(const std::string& why) {
    std::fprintf(stderr, "log_fixture: %s\n", why.c_str());
    std::abort();
}

/// A file with the given bytes, removed with this object.
class TemporaryFile {
public:
    explicit TemporaryFile(std::string_view bytes) : m_path(::testing::TempDir() + "alloclens-XXXXXX") {
        const int descriptor = ::mkstemp(m_path.data());
        if (descriptor < 0) stop("cannot make " + m_path);
        while (!bytes.empty()) {
            const auto written = ::write(descriptor, bytes.data(), bytes.size());
            if (written <= 0) stop("cannot write " + m_path);
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
        ::close(descriptor);
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() { ::unlink(m_path.c_str()); }

    [[nodiscard]] const std::string& path() const { return m_path; }

private:
    std::string m_path;
};

/// Reads and analyses a file, a server log unless another format is named. The text of its lines can be read as long as
/// the file is not changed.
[[nodiscard]] inline std::shared_ptr<const Analysis> analyseFile(const std::string& path,
                                                                 const std::string& format = "server-log") {
    auto trace = readTrace(path, format, {}, {});
    if (!trace) stop(trace.error().sentence());
    auto analysis = analyse(*trace, {});
    if (!analysis) stop(analysis.error().sentence());
    return *analysis;
}

/// The same for a log's text; its lines stay readable, as the trace holds its file open.
[[nodiscard]] inline std::shared_ptr<const Analysis> analyseLog(std::string_view log) {
    const TemporaryFile file(log);
    return analyseFile(file.path());
}

/// The same for a log that goes on to the end of its server, so that what is live there is a leak.
[[nodiscard]] inline std::shared_ptr<const Analysis> analyseEndedLog(std::string_view log) {
    return analyseLog(std::string(log) + "🛑 Allocation Server stopped\n");
}

}  // namespace alloclens::test
