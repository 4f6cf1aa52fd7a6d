// SPDX-License-Identifier: GPL-3.0-or-later
//
// Each folder tests/golden/<format>/<case> holds a source and what AllocLens makes of it. A test compares; this
// rewrites the expectations, to be reviewed as a diff:
//
//     ALLOCLENS_UPDATE_GOLDEN=1 build/dev/tests/unit/alloclens_unit_tests --gtest_filter='*Golden*'
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/unit/support/report_text.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

namespace fs = std::filesystem;

std::string contentOf(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

const char* inputOf(const std::string& format) { return format == "server-log" ? "input.log" : "input.bin"; }

std::string summaryOf(const Analysis& analysis) {
    auto json = nlohmann::ordered_json::parse(test::reportText("summary", "json", analysis));
    json["source"]["path"] = inputOf(analysis.trace->formatName);
    return json.dump(2) + "\n";
}

std::string diagnosticsOf(const Analysis& analysis) {
    std::string text;
    for (const Diagnostic& diagnostic : analysis.trace->diagnostics.kept()) {
        text += fmt::format("line {}: {}{}{}\n", diagnostic.line, diagnosticName(diagnostic.code),
                            diagnostic.detail.empty() ? "" : ": ", diagnostic.detail);
    }
    return text.empty() ? "None.\n" : text;
}

std::vector<std::string> cases() {
    std::vector<std::string> folders;
    const fs::path root = fs::path(ALLOCLENS_SOURCE_DIR) / "tests" / "golden";
    for (const auto& format : fs::directory_iterator(root)) {
        if (!format.is_directory()) continue;
        for (const auto& folder : fs::directory_iterator(format))
            folders.push_back(fs::relative(folder, root).string());
    }
    std::sort(folders.begin(), folders.end());
    return folders;
}

class Golden : public ::testing::TestWithParam<std::string> {
protected:
    void expect(const char* name, const std::string& actual) const {
        const fs::path path = folder() / name;
        if (std::getenv("ALLOCLENS_UPDATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << actual;
        EXPECT_EQ(actual, contentOf(path)) << path;
    }
    [[nodiscard]] static fs::path folder() { return fs::path(ALLOCLENS_SOURCE_DIR) / "tests" / "golden" / GetParam(); }
};

TEST_P(Golden, IsAsItWas) {
    const std::string format = fs::path(GetParam()).begin()->string();
    const auto analysis = test::analyseFile((folder() / inputOf(format)).string(), format);
    expect("summary.json", summaryOf(*analysis));
    expect("findings.txt", test::reportText("findings", "text", *analysis));
    expect("diagnostics.txt", diagnosticsOf(*analysis));
    if (fs::exists(folder() / "guards.txt")) expect("guards.txt", test::reportText("guards", "text", *analysis));
}

TEST_P(Golden, SaysInTwoLinesWhereItComesFromAndWhatItShows) {
    const std::string readme = contentOf(folder() / "README");
    EXPECT_EQ(std::count(readme.begin(), readme.end(), '\n'), 2);
}

std::string nameOf(const ::testing::TestParamInfo<std::string>& info) {
    std::string name = info.param;
    std::replace_if(
        name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Cases, Golden, ::testing::ValuesIn(cases()), nameOf);

}  // namespace
}  // namespace alloclens
