// SPDX-License-Identifier: GPL-3.0-or-later
//
// Archives are named with what they hold, and never read as a log, whatever they are packed with.
#include "importers/archive.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/unit/support/packers.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kLog = "✓ [PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n";

std::string tarEntry(const std::string& name, std::string_view content, char type = '0', bool isOld = false) {
    std::string header(512, '\0');
    header.replace(0, name.size(), name);
    header.replace(100, 7, "0000644");
    header.replace(124, 11, fmt::format("{:011o}", content.size()));
    header[156] = type;
    if (!isOld) header.replace(257, 8, std::string("ustar\00000", 8));
    header.replace(148, 8, "        ");
    unsigned sum = 0;
    for (const char c : header) sum += static_cast<unsigned char>(c);
    header.replace(148, 8, fmt::format("{:06o}", sum) + std::string("\0 ", 2));
    std::string entry = header + std::string(content);
    entry.resize((entry.size() + 511) / 512 * 512);
    return entry;
}

std::string number(std::uint64_t value, unsigned bytes) {
    std::string text;
    for (unsigned i = 0; i < bytes; ++i, value >>= 8) text += static_cast<char>(value & 0xFF);
    return text;
}

/// Not compressed: the log's line is plain to see in it.
std::string zip(const std::vector<std::string>& names) {
    std::string files;
    std::string directory;
    for (const std::string& name : names) {
        const std::string common = number(0, 8) + number(0, 4) + number(kLog.size(), 4) + number(kLog.size(), 4)
                                   + number(name.size(), 2) + number(0, 2);
        directory += "PK\x01\x02" + number(20, 2) + number(10, 2) + common + number(0, 10) + number(files.size(), 4)
                     + name;
        files += "PK\x03\x04" + number(10, 2) + common + name + std::string(kLog);
    }
    return files + directory + "PK\x05\x06" + number(0, 4) + number(names.size(), 2) + number(names.size(), 2)
           + number(directory.size(), 4) + number(files.size(), 4) + number(0, 2);
}

Error errorOf(std::string_view bytes, const std::string& format = {}) {
    const test::TemporaryFile file(bytes);
    const auto trace = readTrace(file.path(), format, {}, {});
    if (trace) test::stop("this should not be read");
    EXPECT_EQ(trace.error().where, file.path());
    EXPECT_THAT(trace.error().advice, HasSubstr("Unpack it first"));
    return trace.error();
}

TEST(Archive, ATarIsNamedWithItsFilesHoweverItIsPacked) {
    const std::string tar = tarEntry("logs/", "", '5') + tarEntry("logs/server.log", kLog)
                            + tarEntry("logs/run0.log", kLog) + std::string(1024, '\0');
    EXPECT_EQ(errorOf(tar).what, "is a tar archive that contains logs/server.log and logs/run0.log");
    for (const test::Packer pack : test::kPackers) {
        EXPECT_EQ(errorOf(pack(tar)).what, "is a tar archive that contains logs/server.log and logs/run0.log");
    }
    EXPECT_EQ(errorOf(test::gzip(test::xz(tar))).what,
              "is a tar archive that contains logs/server.log and logs/run0.log");
}

TEST(Archive, AnOldTarLongNamesAndManyFilesAreTold) {
    EXPECT_EQ(errorOf(tarEntry("a.log", kLog, '\0', true)).what, "is a tar archive that contains a.log");
    const std::string longName(150, 'n');
    EXPECT_EQ(errorOf(tarEntry("././@LongLink", longName, 'L') + tarEntry(longName.substr(0, 99), kLog)).what,
              "is a tar archive that contains " + longName);
    std::string many;
    for (int i = 0; i < 9; ++i) many += tarEntry(fmt::format("run{}.log", i), kLog);
    EXPECT_EQ(errorOf(many).what, "is a tar archive that contains run0.log, run1.log, run2.log and 6 more files");
}

TEST(Archive, AZipIsNamedWithItsFiles) {
    EXPECT_EQ(errorOf(zip({"server.log"})).what, "is a zip archive that contains server.log");
    EXPECT_EQ(errorOf(zip({"a.log", "b.log", "c.log"})).what, "is a zip archive that contains a.log, b.log and c.log");
    EXPECT_EQ(errorOf(test::gzip(zip({"a.log"}))).what, "is a zip archive");
    EXPECT_EQ(errorOf(zip({"server.log"}).substr(0, 90)).what, "is a zip archive");
}

TEST(Archive, OtherArchivesAreNamed) {
    using namespace std::string_view_literals;
    EXPECT_EQ(errorOf("7z\xbc\xaf\x27\x1c\0\4"sv).what, "is a 7z archive");
    EXPECT_EQ(errorOf("Rar!\x1a\x07\x01\0"sv).what, "is a rar archive");
    EXPECT_EQ(errorOf("!<arch>\ndebian-binary   "sv).what, "is a ar archive");
    EXPECT_EQ(errorOf("070701" + std::string(104, '0') + "a.log").what, "is a cpio archive");
}

TEST(Archive, AnArchiveIsRefusedAlsoWhereAFormatIsNamed) {
    EXPECT_THAT(errorOf(tarEntry("a.log", kLog), "server-log").what, HasSubstr("tar archive"));
}

TEST(Archive, TheCommandCanBeCopied) {
    const test::TemporaryFile file(tarEntry("a.log", kLog));
    const std::string spaced = file.path() + " of run's.tar";
    ASSERT_EQ(std::rename(file.path().c_str(), spaced.c_str()), 0);
    EXPECT_THAT(readTrace(spaced, {}, {}, {}).error().advice, HasSubstr("of run'\\''s.tar')"));
    std::remove(spaced.c_str());
}

TEST(Archive, ALogIsNotTakenForOne) {
    for (const std::string& log : {std::string(kLog), "070701 12:00:00 " + std::string(kLog),
                                   "PK\n" + std::string(kLog), std::string(600, '\0') + std::string(kLog)}) {
        EXPECT_EQ(test::readLog(log)->events.count(), 1U);
    }
}

}  // namespace
}  // namespace alloclens
