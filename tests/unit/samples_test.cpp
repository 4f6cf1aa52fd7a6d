// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/generator/samples.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "tests/unit/support/log_fixture.h"

namespace alloclens {
namespace {

namespace fs = std::filesystem;

std::string contentOf(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::map<std::string, std::string> logsIn(const fs::path& folder) {
    std::map<std::string, std::string> logs;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() == ".log") logs[entry.path().filename().string()] = contentOf(entry.path());
    }
    return logs;
}

TEST(Samples, AreWhatTheGeneratorWrites) {
    std::string folder = ::testing::TempDir() + "alloclens-samples-XXXXXX";
    ASSERT_NE(::mkdtemp(folder.data()), nullptr);
    generator::writeSamples(folder);
    const auto written = logsIn(folder);
    fs::remove_all(folder);
    const auto stored = logsIn(fs::path(ALLOCLENS_SOURCE_DIR) / "resources" / "samples");
    ASSERT_EQ(written.size(), 8U);
    ASSERT_EQ(stored.size(), written.size());
    for (const auto& [name, text] : written) {
        ASSERT_TRUE(stored.contains(name)) << name;
        EXPECT_TRUE(stored.at(name) == text) << name << " is stale: alloclens-generate --samples resources/samples";
    }
}

TEST(Samples, AreReadWithoutDiagnosticsAndShowFindings) {
    for (const auto& [name, text] : logsIn(fs::path(ALLOCLENS_SOURCE_DIR) / "resources" / "samples")) {
        const auto analysis = test::analyseLog(text);
        EXPECT_EQ(analysis->trace->diagnostics.total(), 0U) << name;
        EXPECT_GT(analysis->findings.countOf[static_cast<std::size_t>(FindingKind::DoubleFree)], 0U) << name;
        EXPECT_TRUE(analysis->replay.contradictions.empty()) << name;
    }
}

}  // namespace
}  // namespace alloclens
