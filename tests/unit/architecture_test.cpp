// SPDX-License-Identifier: GPL-3.0-or-later
//
// The arrows between the rooms of the program, as docs/architecture.md draws them. Scans the #include lines of the
// sources and fails on an arrow that is not drawn.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

// Which rooms a room may include, besides itself.
const std::map<std::string, std::set<std::string>> kArrows = {
    {"core/base", {}},
    {"core/trace", {"core/base"}},
    {"core/tracker", {"core/base", "core/trace"}},
    {"core/replay", {"core/base", "core/trace"}},
    {"core/mesh", {"core/base", "core/trace", "core/replay"}},
    {"core/ledger", {"core/base", "core/trace", "core/replay"}},
    {"core/findings", {"core/base", "core/trace", "core/replay", "core/mesh", "core/ledger"}},
    {"core/verdicts", {"core/base", "core/trace", "core/replay", "core/mesh", "core/ledger", "core/findings"}},
    {"core/analysis",
     {"core/base", "core/trace", "core/replay", "core/mesh", "core/ledger", "core/findings", "core/verdicts"}},
    {"core/query", {"core/base", "core/trace", "core/replay", "core/mesh", "core/findings", "core/analysis"}},
    {"core/timeline", {"core/base", "core/trace", "core/replay", "core/mesh", "core/findings", "core/analysis"}},
    {"core/compare", {"core/base", "core/trace", "core/replay", "core/mesh", "core/findings", "core/analysis"}},
    {"core/guards", {"core/base", "core/trace", "core/replay", "core/findings", "core/analysis"}},
    {"core/triage", {"core/base", "core/trace", "core/replay", "core/findings", "core/analysis"}},
    {"core/report",
     {"core/base", "core/trace", "core/replay", "core/mesh", "core/findings", "core/analysis", "core/triage",
      "core/compare", "core/guards", "core/ledger", "core/query", "core/timeline"}},
    {"importers", {"core/base", "core/trace", "core/tracker"}},
    {"app/record", {"core/base", "core/trace", "core/tracker", "importers"}},
    {"app/cli",
     {"core/base", "core/trace", "core/replay", "core/mesh", "core/findings", "core/analysis", "core/triage",
      "core/compare", "core/guards", "core/ledger", "core/query", "core/timeline", "core/report", "importers",
      "app/record"}},
    {"app/gui",
     {"core/base", "core/trace", "core/replay", "core/mesh", "core/findings", "core/analysis", "core/triage",
      "core/compare", "core/ledger", "core/query", "core/timeline", "core/report", "importers", "app/record"}},
};

/// "core/query" of "core/query/filter.h", "importers" of "importers/server_log/part_reader.h"; empty for others.
std::string roomOf(const std::string& path) {
    for (const auto& [room, arrows] : kArrows) {
        if (path.starts_with(room + "/")) return room;
    }
    return {};
}

struct Include {
    std::string file;
    std::string target;
    bool isQuoted;
};

std::vector<Include> includesOf(const fs::path& root, const fs::path& file) {
    std::vector<Include> includes;
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line);) {
        const std::size_t hash = line.find_first_not_of(" \t");
        if (hash == std::string::npos || line[hash] != '#') continue;
        const std::size_t word = line.find_first_not_of(" \t", hash + 1);
        if (word == std::string::npos || line.compare(word, 7, "include") != 0) continue;
        const std::size_t open = line.find_first_of("<\"", word);
        if (open == std::string::npos) continue;
        const std::size_t close = line.find_first_of(">\"", open + 1);
        includes.push_back(
            {fs::relative(file, root).string(), line.substr(open + 1, close - open - 1), line[open] == '"'});
    }
    return includes;
}

std::vector<Include> allIncludes() {
    const fs::path root = ALLOCLENS_SOURCE_DIR;
    std::vector<Include> includes;
    for (const char* const folder : {"core", "importers", "app"}) {
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            const std::string extension = entry.path().extension().string();
            if (extension != ".h" && extension != ".cpp" && extension != ".in") continue;
            const auto found = includesOf(root, entry.path());
            includes.insert(includes.end(), found.begin(), found.end());
        }
    }
    return includes;
}

TEST(Architecture, NoSourceIncludesAgainstTheArrows) {
    std::vector<std::string> wrong;
    std::size_t checked = 0;
    for (const Include& include : allIncludes()) {
        if (!include.isQuoted) continue;
        const std::string from = roomOf(include.file);
        const std::string to = roomOf(include.target);
        if (to.empty() || from == to) continue;
        ++checked;
        if (from.empty() || !kArrows.at(from).contains(to))
            wrong.push_back(include.file + " includes " + include.target);
    }
    EXPECT_GT(checked, 100U) << "the sources were not found";
    EXPECT_THAT(wrong, ::testing::IsEmpty());
}

TEST(Architecture, NoArrowRunsInACircle) {
    for (const auto& [room, arrows] : kArrows) {
        for (const std::string& target : arrows)
            EXPECT_FALSE(kArrows.at(target).contains(room)) << room << " " << target;
    }
}

TEST(Architecture, OnlyTheWindowKnowsQt) {
    std::vector<std::string> wrong;
    for (const Include& include : allIncludes()) {
        const bool isQt = include.target.starts_with("Q") || include.target.starts_with("Qt")
                          || include.target.starts_with("qcustomplot");
        if (isQt && !include.file.starts_with("app/gui/"))
            wrong.push_back(include.file + " includes " + include.target);
    }
    EXPECT_THAT(wrong, ::testing::IsEmpty());
}

TEST(Architecture, NoSourceOfTheProgramIncludesATest) {
    for (const Include& include : allIncludes()) {
        EXPECT_FALSE(include.target.starts_with("tests/") || include.target.starts_with("gtest"))
            << include.file << " includes " << include.target;
    }
}

TEST(Architecture, EverySourceIsNamedFromTheTopOfTheTree) {
    for (const Include& include : allIncludes()) {
        EXPECT_FALSE(include.isQuoted && include.target.find("..") != std::string::npos)
            << include.file << " includes " << include.target;
    }
}

}  // namespace
