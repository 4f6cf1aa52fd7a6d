// SPDX-License-Identifier: GPL-3.0-or-later
//
// The worked example of docs/formats/alens.md is a trace of the log that stands beside it, byte for byte.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <sstream>

#include "tests/unit/importers/native/trace_copy.h"
#include "tests/unit/support/native_file.h"

namespace alloclens {
namespace {

constexpr std::string_view kIndent = "    ";

std::vector<std::string> documentLines() {
    std::ifstream file(ALLOCLENS_SOURCE_DIR "/docs/formats/alens.md");
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
}

/// What `cat tiny.log` prints there.
std::string documentedLog() {
    std::string log;
    bool isInLog = false;
    for (const std::string& line : documentLines()) {
        if (isInLog && line.starts_with("    $ ")) break;
        if (isInLog) log += line.substr(kIndent.size()) + '\n';
        isInLog = isInLog || line == "    $ cat tiny.log";
    }
    return log;
}

/// The bytes of the hexdump: rows of an offset and up to sixteen bytes.
std::string documentedTrace() {
    constexpr std::size_t kBytesARow = 16;
    constexpr std::size_t kBytesAt = 10;
    std::string bytes;
    for (const std::string& line : documentLines()) {
        if (!line.starts_with(fmt::format("    {:04x}  ", bytes.size()))) continue;
        std::istringstream row(line.substr(kBytesAt, kBytesARow * 3));
        for (std::string byte; row >> byte;) bytes += static_cast<char>(std::stoi(byte, nullptr, 16));
    }
    return bytes;
}

std::string madeTrace() {
    const auto trace = test::readLog(documentedLog());
    const test::TemporaryFile file("");
    native::Description description = native::descriptionOf(*trace);
    description.path = "tiny.log";
    auto writer = native::Writer::create(file.path(), description, true);
    if (!writer) test::stop(writer.error().sentence());
    if (!native::writeTrace(*trace, *writer, {}, {}) || !writer->finish()) test::stop("not written");
    return test::fileBytes(file.path());
}

TEST(NativeDocument, ItsExampleIsReadAsTheLogBesideIt) {
    const auto trace = test::readNative(documentedTrace());
    EXPECT_EQ(trace->diagnostics.total(), 0U);
    EXPECT_EQ(trace->events.count(), 2U);
    EXPECT_EQ(trace->origin.path, "tiny.log");
    EXPECT_EQ(test::wholeText(*trace), test::wholeText(*test::readLog(documentedLog())));
}

TEST(NativeDocument, ItsExampleIsWhatIsWritten) {
    // Lengths of what is packed, and the places that follow from them, are those of one version of zstd.
    const auto documented = test::takeApart(documentedTrace());
    const auto made = test::takeApart(madeTrace());
    EXPECT_EQ(documented.header.major, native::kMajorVersion);
    EXPECT_EQ(documented.header.minor, native::kMinorVersion);
    ASSERT_EQ(documented.blocks.size(), 4U);
    ASSERT_EQ(made.blocks.size(), 4U);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(documented.blocks[i].payload, made.blocks[i].payload) << i;
    EXPECT_EQ(test::putTogether(documented), test::putTogether(made));
}

TEST(NativeDocument, ItsColumnsAreThoseOfTheExample) {
    const auto example = test::takeApart(documentedTrace());
    const auto columns = native::ColumnReader::open(example.blocks.at(2).payload);
    ASSERT_TRUE(columns);
    std::size_t rows = 0;
    for (const std::string& line : documentLines()) {
        int id = 0;
        int count = 0;
        std::size_t nameEnd = line.find(" | constant |");
        if (nameEnd == std::string::npos) nameEnd = line.find(" | step |");
        if (nameEnd == std::string::npos) nameEnd = line.find(" | offset |");
        if (nameEnd == std::string::npos || std::sscanf(line.c_str(), "| %d", &id) != 1) continue;
        const std::string behind = line.substr(line.find(" | ", nameEnd + 3));
        int width = 0;
        ASSERT_EQ(std::sscanf(behind.c_str(), " | %d | %d", &width, &count), 2) << line;
        EXPECT_EQ(columns->count(static_cast<native::ColumnId>(id)), static_cast<std::size_t>(count)) << line;
        ++rows;
    }
    EXPECT_EQ(rows, 14U);
}

}  // namespace
}  // namespace alloclens
