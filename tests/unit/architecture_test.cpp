// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rooms of the program, and which may include which, as docs/architecture.md lists them. Scans the #include lines
// of the sources and fails where they and the document differ.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

/// A line of the document: a room, and what its sources may include.
struct Line {
    std::string room;
    std::vector<std::string> allowed;
};

/// The indented lines of the section "Floors".
std::vector<Line> readFloors() {
    std::ifstream stream(fs::path(ALLOCLENS_SOURCE_DIR) / "docs/architecture.md");
    std::vector<Line> lines;
    bool isInSection = false;
    for (std::string text; std::getline(stream, text);) {
        if (text.starts_with("## ")) isInSection = text == "## Floors";
        if (!isInSection || !text.starts_with("    ")) continue;
        std::istringstream words(text);
        Line line;
        words >> line.room;
        for (std::string word; words >> word;) line.allowed.push_back(word);
        lines.push_back(std::move(line));
    }
    return lines;
}

const std::vector<Line>& floors() {
    static const std::vector<Line> lines = readFloors();
    return lines;
}

bool isWithin(const std::string& path, const std::string& folder) {
    return path == folder || path.starts_with(folder + "/");
}

/// "core/query" of "core/query/filter.h", "importers" of "importers/server_log/part_reader.h"; empty for others.
std::string roomOf(const std::string& path) {
    std::string nearest;
    for (const Line& line : floors()) {
        if (path.starts_with(line.room + "/") && line.room.size() > nearest.size()) nearest = line.room;
    }
    return nearest;
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
    for (const char* const folder : {"core", "importers", "app", "tests/generator"}) {
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            const std::string extension = entry.path().extension().string();
            if (extension != ".h" && extension != ".cpp" && extension != ".in") continue;
            const auto found = includesOf(root, entry.path());
            includes.insert(includes.end(), found.begin(), found.end());
        }
    }
    return includes;
}

TEST(Architecture, TheSourcesIncludeWhatTheDocumentAllowsAndNothingElse) {
    std::map<std::string, std::set<std::string>> unused;
    for (const Line& line : floors()) unused[line.room] = {line.allowed.begin(), line.allowed.end()};
    std::vector<std::string> wrong;
    std::size_t checked = 0;
    for (const Include& include : allIncludes()) {
        if (!include.isQuoted) continue;
        const std::string from = roomOf(include.file);
        const std::string to = roomOf(include.target);
        if (to.empty() || from == to) continue;
        ++checked;
        bool isAllowed = false;
        for (const Line& line : floors()) {
            if (line.room != from) continue;
            for (const std::string& word : line.allowed) {
                if (!isWithin(to, word)) continue;
                isAllowed = true;
                unused[from].erase(word);
            }
        }
        if (!isAllowed) wrong.push_back(include.file + " includes " + include.target);
    }
    EXPECT_GT(checked, 100U) << "the sources were not found";
    EXPECT_THAT(wrong, ::testing::IsEmpty());
    for (const auto& [room, words] : unused)
        EXPECT_THAT(words, ::testing::IsEmpty()) << room << " includes nothing of these";
}

// So that nothing runs in a circle, however long.
TEST(Architecture, TheDocumentNamesOnlyRoomsOfTheLinesAbove) {
    std::vector<std::string> above;
    for (const Line& line : floors()) {
        for (const std::string& word : line.allowed) {
            const bool isAbove = std::any_of(above.begin(), above.end(),
                                             [&word](const std::string& room) { return isWithin(room, word); });
            EXPECT_TRUE(isAbove) << word << " in the line of " << line.room;
            EXPECT_FALSE(isWithin(line.room, word)) << word << " in its own line";
        }
        above.push_back(line.room);
    }
    EXPECT_GT(above.size(), 20U) << "the document was not found";
    EXPECT_EQ(std::set<std::string>(above.begin(), above.end()).size(), above.size()) << "a room twice";
    for (const Line& line : floors()) {
        for (const std::string& word : line.allowed) {
            for (auto below = std::find(above.begin(), above.end(), line.room); below != above.end(); ++below)
                EXPECT_FALSE(isWithin(*below, word)) << line.room << " may include " << *below << " by " << word;
        }
    }
}

TEST(Architecture, EveryFolderOfTheProgramIsARoomOfTheDocument) {
    std::ifstream stream(fs::path(ALLOCLENS_SOURCE_DIR) / "docs/architecture.md");
    const std::string document{std::istreambuf_iterator<char>(stream), {}};
    const std::string table = document.substr(document.find("\n## Rooms"));
    for (const Line& line : floors()) {
        const std::string inPanels = line.room.substr(line.room.rfind('/') + 1);
        const bool isDescribed = table.find("| `" + line.room + "` |") != std::string::npos
                                 || (line.room.starts_with("app/gui/panels/")
                                     && table.find("`" + inPanels + "`") != std::string::npos);
        EXPECT_TRUE(isDescribed || line.room.starts_with("tests/"))
            << line.room << " has no line in the table of rooms";
    }
    for (const Include& include : allIncludes()) {
        if (!include.file.starts_with("core/") && !include.file.starts_with("app/")) continue;
        EXPECT_EQ(fs::path(include.file).parent_path().string(), roomOf(include.file)) << "is a folder of no room";
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
