// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "importers/decompress.h"
#include "tests/generator/generator.h"
#include "tests/unit/support/packers.h"
#include "tests/unit/support/trace_text.h"
#include "tests/unit/support/unprivileged.h"

namespace alloclens {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kLog = "[PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n"
                                  "[PID 1] Freed buffer 16 on device 0 (4 bytes, FINAL)\n";

std::string textOf(const Input& input) {
    std::string text(static_cast<std::size_t>(input.size()), '\0');
    const auto got = input.readAt(0, text.data(), text.size());
    if (!got) return got.error().sentence();
    return text;
}

Error errorOf(const std::string& path) {
    const auto input = Input::open(path, {});
    if (input) test::stop("this should not open");
    EXPECT_EQ(input.error().kind, ErrorKind::Input);
    EXPECT_EQ(input.error().where, path);
    return input.error();
}

/// A folder for one test, removed with all that is in it.
class Folder {
public:
    Folder() : m_path(::testing::TempDir() + "alloclens-folder-XXXXXX") {
        if (::mkdtemp(m_path.data()) == nullptr) test::stop("cannot make " + m_path);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(m_path); }
    [[nodiscard]] const std::string& path() const { return m_path; }

private:
    std::string m_path;
};

TEST(Input, AFileIsReadAsItLies) {
    const test::TemporaryFile file(kLog);
    const auto input = Input::open(file.path(), {});
    ASSERT_TRUE(input);
    EXPECT_EQ(input->path(), file.path());
    EXPECT_EQ(textOf(*input), kLog);
    EXPECT_FALSE(input->isCutShort());
    EXPECT_EQ(input->head(9), "[PID 1] A");
    EXPECT_EQ(input->head(1'000'000), kLog);
    char buffer[8];
    EXPECT_EQ(*input->readAt(kLog.size() - 3, buffer, sizeof buffer), 3U) << "fewer bytes mean the end";
    EXPECT_EQ(*input->readAt(kLog.size() + 100, buffer, sizeof buffer), 0U);
}

TEST(Input, FilesShorterThanASignatureAreRead) {
    for (const std::string_view text : {"a", "ab", "abc", "\n"}) {
        const test::TemporaryFile file(text);
        const auto input = Input::open(file.path(), {});
        ASSERT_TRUE(input);
        EXPECT_EQ(textOf(*input), text);
    }
}

TEST(Input, AMissingFileSaysSo) {
    EXPECT_THAT(errorOf("/nonexistent/server.log").sentence(), HasSubstr("does not exist. Check the name."));
}

TEST(Input, ADirectorySaysSo) {
    const Folder folder;
    EXPECT_THAT(errorOf(folder.path()).sentence(), HasSubstr("is a directory"));
}

TEST(Input, AnEmptyFileSaysSo) {
    const test::TemporaryFile file("");
    EXPECT_THAT(errorOf(file.path()).sentence(), HasSubstr("is empty"));
}

TEST(Input, AFileWithoutReadPermissionSaysSo) {
    const test::TemporaryFile file(kLog);
    ASSERT_EQ(::chmod(file.path().c_str(), 0), 0);
    const test::Unprivileged user;
    if (!test::Unprivileged::isBound()) GTEST_SKIP() << "this user may read everything";
    EXPECT_THAT(errorOf(file.path()).sentence(), HasSubstr("permission denied"));
}

TEST(Input, GzipIsUnpacked) {
    const test::TemporaryFile file(test::gzip(kLog));
    const auto input = Input::open(file.path(), {});
    ASSERT_TRUE(input);
    EXPECT_EQ(textOf(*input), kLog);
    EXPECT_EQ(input->path(), file.path());
    EXPECT_FALSE(input->isCutShort());
}

TEST(Input, ZstdIsUnpacked) {
    const test::TemporaryFile file(test::zstd(kLog));
    const auto input = Input::open(file.path(), {});
    ASSERT_TRUE(input);
    EXPECT_EQ(textOf(*input), kLog);
    EXPECT_FALSE(input->isCutShort());
}

TEST(Input, MembersOneBehindTheOtherAreOneText) {
    const std::string big(600'000, 'x');
    for (const test::Packer pack : test::kPackers) {
        const test::TemporaryFile file(pack(kLog) + pack("") + pack(big) + pack("end"));
        const auto input = Input::open(file.path(), {});
        ASSERT_TRUE(input);
        EXPECT_TRUE(textOf(*input) == std::string(kLog) + big + "end");
        EXPECT_FALSE(input->isCutShort());
    }
}

TEST(Input, CompressedInCompressedIsUnpacked) {
    std::string packed(kLog);
    for (const test::Packer pack : test::kPackers) packed = pack(packed);
    const test::TemporaryFile file(packed);
    const auto input = Input::open(file.path(), {});
    ASSERT_TRUE(input) << input.error().sentence();
    EXPECT_EQ(textOf(*input), kLog);
}

TEST(Input, CompressionWithoutEndIsRefused) {
    std::string packed(kLog);
    for (int i = 0; i < 12; ++i) packed = test::gzip(packed);
    const test::TemporaryFile file(packed);
    EXPECT_THAT(errorOf(file.path()).sentence(), HasSubstr("compressed too many times"));
}

TEST(Input, DevicesThatNeverEndAreRefused) {
    EXPECT_THAT(errorOf("/dev/zero").sentence(), HasSubstr("never ends"));
    EXPECT_THAT(errorOf("/dev/urandom").sentence(), HasSubstr("never ends"));
}

TEST(Input, AFileWhoseSizeTheSystemDoesNotKnowIsRead) {
    const auto input = Input::open("/proc/version", {});
    ASSERT_TRUE(input) << input.error().sentence();
    EXPECT_THAT(textOf(*input), HasSubstr("Linux"));
}

TEST(Input, WhatHasNotComeYetIsWaitedFor) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const std::string path = "/dev/fd/" + std::to_string(ends[0]);
    const std::string first = "the first line\nand half ";
    const std::string second = "of the second";
    ASSERT_EQ(::write(ends[1], first.data(), first.size()), static_cast<ssize_t>(first.size()));
    const auto input = Input::open(path, {});
    ASSERT_TRUE(input);
    std::string text(first.size(), '\0');
    ASSERT_TRUE(input->readAt(0, text.data(), text.size()));
    EXPECT_EQ(text, first) << "read while the writer is still there";
    std::jthread writer([&] {
        ASSERT_EQ(::write(ends[1], second.data(), second.size()), static_cast<ssize_t>(second.size()));
        ::close(ends[1]);
    });
    EXPECT_EQ(textOf(*input), first + second);
    const auto behind = input->bytesFrom(first.size() + second.size(), 1);
    ASSERT_TRUE(behind);
    EXPECT_EQ(*behind, 0U);
    ::close(ends[0]);
}

TEST(Input, ManyThreadsReadWhileItIsBeingUnpacked) {
    const std::string log = generator::generate({.events = 60'000}).log;
    const test::TemporaryFile file(test::gzip(log));
    const auto input = Input::open(file.path(), {});
    ASSERT_TRUE(input);
    std::vector<std::string> texts(4, std::string(log.size(), '\0'));
    {
        std::vector<std::jthread> readers;
        for (std::string& text : texts) {
            readers.emplace_back([&input, &text] {
                constexpr std::size_t kPiece = 100'000;
                for (std::size_t at = 0; at < text.size(); at += kPiece) {
                    ASSERT_TRUE(input->readAt(at, text.data() + at, std::min(kPiece, text.size() - at)));
                }
            });
        }
    }
    for (const std::string& text : texts) EXPECT_TRUE(text == log);
}

TEST(Input, PaddingBehindAGzipMemberIsIgnored) {
    const test::TemporaryFile file(test::gzip(kLog) + std::string(512, '\0'));
    const auto input = Input::open(file.path(), {});
    ASSERT_TRUE(input);
    EXPECT_EQ(textOf(*input), kLog);
    EXPECT_FALSE(input->isCutShort());
}

TEST(Input, AWholeGzipOfAnySizeIsNotCutShort) {
    constexpr std::size_t kChunk = 262'144;  // what is unpacked at once
    for (const std::size_t size : {kChunk - 1, kChunk, kChunk + 1, 2 * kChunk, 4 * kChunk}) {
        const test::TemporaryFile file(test::gzip(std::string(size, 'x')));
        const auto input = Input::open(file.path(), {});
        ASSERT_TRUE(input);
        EXPECT_EQ(input->size(), size);
        EXPECT_FALSE(input->isCutShort()) << size;
    }
}

// As pzstd writes them.
TEST(Input, SkippableFramesOfZstdArePassedOver) {
    using namespace std::string_view_literals;
    const std::string skippable("\x50\x2a\x4d\x18\x04\0\0\0size"sv);
    const test::TemporaryFile file(skippable + test::zstd(kLog) + skippable + test::zstd(kLog));
    const auto input = Input::open(file.path(), {});
    ASSERT_TRUE(input) << input.error().sentence();
    EXPECT_EQ(textOf(*input), std::string(kLog) + std::string(kLog));
    EXPECT_FALSE(input->isCutShort());
}

// As zstd --long=28 writes it: one block, as it is, under the header of a frame.
TEST(Input, ALargeWindowOfZstdIsAccepted) {
    constexpr unsigned kWindow = (28 - 10) << 3;
    const auto block = static_cast<unsigned>(kLog.size() << 3 | 1);
    std::string frame("\x28\xb5\x2f\xfd");
    for (const unsigned byte : {0U, kWindow, block & 0xFF, block >> 8 & 0xFF, block >> 16})
        frame += static_cast<char>(byte);
    const test::TemporaryFile file(frame.append(kLog));
    const auto input = Input::open(file.path(), {});
    ASSERT_TRUE(input) << input.error().sentence();
    EXPECT_EQ(textOf(*input), kLog);
    EXPECT_FALSE(input->isCutShort());
}

TEST(Input, ATruncatedCompressedFileIsReadUpToItsEnd) {
    const std::string log = generator::generate({.events = 4'000}).log;
    for (const test::Packer pack : test::kPackers) {
        if (pack == test::legacyLz4) continue;  // has nothing of a block of 8 MiB before its end
        const std::string packed = pack(log);
        const test::TemporaryFile file(packed.substr(0, packed.size() * 2 / 3));
        const auto input = Input::open(file.path(), {});
        ASSERT_TRUE(input) << input.error().sentence();
        EXPECT_TRUE(input->isCutShort());
        const std::string text = textOf(*input);
        EXPECT_LT(text.size(), log.size());
        EXPECT_TRUE(log.starts_with(text));
    }
}

TEST(Input, ATruncatedGzipGivesADiagnosticAndItsEvents) {
    const std::string packed = test::gzip(generator::generate({.events = 4'000}).log);
    const test::TemporaryFile file(packed.substr(0, packed.size() / 2));
    const auto trace = readTrace(file.path(), {}, {}, {});
    ASSERT_TRUE(trace) << trace.error().sentence();
    EXPECT_GT((*trace)->events.count(), 500U);
    EXPECT_EQ((*trace)->diagnostics.count(DiagnosticCode::CompressedTail), 1U);
}

TEST(Input, ADamagedMiddleOfACompressedFileKeepsWhatCameBefore) {
    const std::string log = generator::generate({.events = 4'000}).log;
    std::string packed = test::gzip(log);
    for (std::size_t i = packed.size() / 2; i < packed.size() / 2 + 40; ++i) packed[i] = '\x55';
    const test::TemporaryFile file(packed);
    const auto input = Input::open(file.path(), {});
    ASSERT_TRUE(input) << input.error().sentence();
    EXPECT_TRUE(input->isCutShort());
    EXPECT_GT(input->size(), 1'000U);
}

TEST(Input, ACompressedFileThatHoldsNothingSaysSo) {
    for (const test::Packer pack : test::kPackers) {
        const test::TemporaryFile file(pack(""));
        EXPECT_THAT(errorOf(file.path()).sentence(), HasSubstr("is a compressed file without content"));
    }
}

TEST(Input, ASignatureAloneIsADamagedFile) {
    using namespace std::string_view_literals;
    for (const std::string_view head : {"\x1f\x8b\x08"sv, "\x28\xb5\x2f\xfd"sv, "\xfd\x37\x7a\x58\x5a\0"sv,
                                        "BZh91AY&SY"sv, "\x04\x22\x4d\x18"sv, "\x02\x21\x4c\x18\x01"sv}) {
        const test::TemporaryFile file(head);
        EXPECT_THAT(errorOf(file.path()).sentence(), HasSubstr("nothing can be read"));
    }
}

TEST(Input, APipeIsReadToItsEnd) {
    const Folder folder;
    const std::string path = folder.path() + "/pipe";
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    const std::string text = generator::generate({.events = 20'000}).log;
    std::jthread writer([&path, &text] {
        std::FILE* pipe = std::fopen(path.c_str(), "wb");
        std::fwrite(text.data(), 1, text.size(), pipe);
        std::fclose(pipe);
    });
    const auto input = Input::open(path, {});
    ASSERT_TRUE(input) << input.error().sentence();
    EXPECT_TRUE(textOf(*input) == text);
}

TEST(Input, ACompressedPipeIsUnpacked) {
    const Folder folder;
    const std::string path = folder.path() + "/pipe";
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    std::jthread writer([&path] {
        std::FILE* pipe = std::fopen(path.c_str(), "wb");
        const std::string packed = test::gzip(kLog);
        for (const char byte : packed) {  // byte by byte, so that the signature arrives in pieces
            std::fputc(byte, pipe);
            std::fflush(pipe);
        }
        std::fclose(pipe);
    });
    const auto input = Input::open(path, {});
    ASSERT_TRUE(input) << input.error().sentence();
    EXPECT_EQ(textOf(*input), kLog);
}

TEST(Input, ACopyNeedsRoomAndSaysWhere) {
    const char* const old = std::getenv("TMPDIR");
    const std::string kept = old != nullptr ? old : "";
    const test::TemporaryFile file(test::gzip(kLog));
    ::setenv("TMPDIR", "/nonexistent/folder", 1);
    const auto input = Input::open(file.path(), {});
    old != nullptr ? ::setenv("TMPDIR", kept.c_str(), 1) : ::unsetenv("TMPDIR");
    ASSERT_FALSE(input);
    EXPECT_EQ(input.error().where, "/nonexistent/folder");
    EXPECT_THAT(input.error().sentence(), HasSubstr("Set TMPDIR"));
}

TEST(Input, ATemporaryCopyHasNoName) {
    const Folder folder;
    const char* const old = std::getenv("TMPDIR");
    const std::string kept = old != nullptr ? old : "";
    const test::TemporaryFile file(test::gzip(kLog));
    ::setenv("TMPDIR", folder.path().c_str(), 1);
    const auto input = Input::open(file.path(), {});
    old != nullptr ? ::setenv("TMPDIR", kept.c_str(), 1) : ::unsetenv("TMPDIR");
    ASSERT_TRUE(input);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
    EXPECT_EQ(textOf(*input), kLog);
}

TEST(Input, AFileThatShrinksWhileItIsReadGivesAnError) {
    const test::TemporaryFile file(kLog);
    const auto input = Input::open(file.path(), {});
    ASSERT_TRUE(input);
    ASSERT_EQ(::truncate(file.path().c_str(), 10), 0);
    std::string buffer(kLog.size(), '\0');
    const auto got = input->readAt(0, buffer.data(), buffer.size());
    ASSERT_FALSE(got);
    EXPECT_THAT(got.error().sentence(), HasSubstr("shrank from 112 to 10 bytes"));
}

TEST(Input, AFileThatShrinksBeforeItsFormatIsReadGivesAnErrorAndNoTrace) {
    const test::TemporaryFile file(generator::generate({.events = 3'000}).log);
    auto input = Input::open(file.path(), {});
    ASSERT_TRUE(input);
    ASSERT_EQ(::truncate(file.path().c_str(), 5'000), 0);
    const auto trace = importers()[0]().read(std::move(*input), {}, {});
    ASSERT_FALSE(trace);
    EXPECT_EQ(trace.error().kind, ErrorKind::Input);
    EXPECT_EQ(trace.error().where, file.path());
}

TEST(Input, AFileThatGrowsIsReadUpToWhereItWas) {
    const test::TemporaryFile file(kLog);
    const auto input = Input::open(file.path(), {});
    ASSERT_TRUE(input);
    std::FILE* more = std::fopen(file.path().c_str(), "ab");
    std::fputs("more\n", more);
    std::fclose(more);
    EXPECT_EQ(textOf(*input), kLog);
}

TEST(Input, UnpackingCanBeCancelled) {
    const test::TemporaryFile file(test::gzip(kLog));
    std::stop_source stop;
    stop.request_stop();
    const auto input = Input::open(file.path(), TaskContext(stop.get_token(), {}));
    ASSERT_FALSE(input);
    EXPECT_EQ(input.error().kind, ErrorKind::Cancelled);
}

TEST(Decompress, FormatsAreToldByTheirFirstBytes) {
    EXPECT_EQ(compressionOf("\x1f\x8b\x08"), Compression::Gzip);
    EXPECT_EQ(compressionOf("\x28\xb5\x2f\xfd"), Compression::Zstd);
    EXPECT_EQ(compressionOf("\x5f\x2a\x4d\x18"), Compression::Zstd) << "a frame to be skipped";
    EXPECT_EQ(compressionOf("\x60\x2a\x4d\x18"), Compression::None);
    EXPECT_EQ(compressionOf(test::xz("a")), Compression::Xz);
    EXPECT_EQ(compressionOf(test::bzip2("a")), Compression::Bzip2);
    EXPECT_EQ(compressionOf(test::bzip2("")), Compression::Bzip2);
    EXPECT_EQ(compressionOf(test::lz4("a")), Compression::Lz4);
    EXPECT_EQ(compressionOf(test::legacyLz4("a")), Compression::Lz4);
    EXPECT_EQ(compressionOf("BZh9 is the name of a run"), Compression::None);
    EXPECT_EQ(compressionOf("\x28\xb5\x2f"), Compression::None);
    EXPECT_EQ(compressionOf("plain"), Compression::None);
    EXPECT_EQ(compressionOf(""), Compression::None);
}

/// Unpacks what comes piece by piece, as through a pipe.
std::string unpacked(Compression compression, const std::vector<std::string>& pieces, bool& isCutShort) {
    std::string text;
    std::size_t next = 0;
    const auto outcome = decompress(
        compression,
        [&](char* buffer, std::size_t size) -> Result<std::size_t> {
            return next == pieces.size() ? 0 : pieces[next++].copy(buffer, size);
        },
        [&](const char* bytes, std::size_t size) -> Result<void> {
            text.append(bytes, size);
            return {};
        });
    if (!outcome) test::stop(outcome.error().sentence());
    isCutShort = outcome->cutShort;
    return text;
}

TEST(Decompress, WhatFollowsAGzipMemberMayComeLater) {
    const std::string member = test::gzip(kLog);
    bool isCutShort = true;
    EXPECT_EQ(unpacked(Compression::Gzip, {member, std::string(512, '\0')}, isCutShort), kLog);
    EXPECT_FALSE(isCutShort) << "padding";
    EXPECT_EQ(unpacked(Compression::Gzip, {member, "junk", member}, isCutShort), kLog);
    EXPECT_FALSE(isCutShort) << "other bytes";
    EXPECT_EQ(unpacked(Compression::Gzip, {member, member.substr(0, 1), member.substr(1)}, isCutShort),
              std::string(kLog) + std::string(kLog));
    EXPECT_FALSE(isCutShort) << "another member";
    EXPECT_EQ(unpacked(Compression::Gzip, {member, member.substr(0, 20)}, isCutShort).find(kLog), 0U);
    EXPECT_TRUE(isCutShort) << "half of another member";
}

TEST(Decompress, GarbageAfterASignatureHarmsNothing) {
    std::mt19937 random(3);
    const std::string log = generator::generate({.events = 200}).log;
    for (const test::Packer pack : test::kPackers) {
        const std::string packed = pack(log);
        for (int round = 0; round < 200; ++round) {
            std::string damaged = packed;
            for (int i = 0; i < 3; ++i) damaged[4 + random() % (damaged.size() - 4)] = static_cast<char>(random());
            if (round % 2 == 0) damaged.resize(4 + random() % damaged.size());
            bool isCutShort = false;
            const std::string text = unpacked(compressionOf(packed), {damaged}, isCutShort);
            EXPECT_LE(text.size(), std::size_t{8} << 20);
        }
    }
}

TEST(Decompress, AnErrorOfTheSinkEndsIt) {
    const std::string packed = test::gzip(kLog);
    bool isGiven = false;
    const auto outcome = decompress(
        Compression::Gzip,
        [&](char* buffer, std::size_t) -> Result<std::size_t> {
            if (std::exchange(isGiven, true)) return std::size_t{0};
            packed.copy(buffer, packed.size());
            return packed.size();
        },
        [](const char*, std::size_t) -> Result<void> {
            return Error{ErrorKind::Output, "is full", {}, {}};
        });
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().what, "is full");
}

}  // namespace
}  // namespace alloclens
