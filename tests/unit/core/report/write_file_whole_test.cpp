// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include "core/report/report.h"
#include "tests/unit/support/log_fixture.h"
#include "tests/unit/support/unprivileged.h"

namespace alloclens {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class WriteFileWhole : public ::testing::Test {
protected:
    void SetUp() override {
        m_folder = ::testing::TempDir() + "alloclens-write-XXXXXX";
        ASSERT_NE(::mkdtemp(m_folder.data()), nullptr);
    }
    void TearDown() override {
        fs::permissions(m_folder, fs::perms::owner_all);
        fs::remove_all(m_folder);
    }

    [[nodiscard]] std::string path() const { return m_folder + "/report.txt"; }
    [[nodiscard]] std::string content() const {
        std::ifstream file(path(), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    }
    [[nodiscard]] std::ptrdiff_t files() const {
        return std::distance(fs::directory_iterator(m_folder), fs::directory_iterator());
    }
    static Result<void> write(const std::string& path, const std::string& text) {
        return writeFileWhole(path, [&text](std::ostream& out) {
            out << text;
            return Result<void>();
        });
    }

    std::string m_folder;
};

TEST_F(WriteFileWhole, LeavesTheFileAndNothingElse) {
    ASSERT_TRUE(write(path(), "new"));
    EXPECT_EQ(content(), "new");
    EXPECT_EQ(files(), 1);
}

TEST_F(WriteFileWhole, ReplacesAFileThatIsThere) {
    ASSERT_TRUE(write(path(), "a long old text"));
    ASSERT_TRUE(write(path(), "new"));
    EXPECT_EQ(content(), "new");
    EXPECT_EQ(files(), 1);
}

TEST_F(WriteFileWhole, GivesTheUsualPermissions) {
    const mode_t mask = ::umask(022);
    ASSERT_TRUE(write(path(), "new"));
    ::umask(mask);
    struct stat status {};
    ASSERT_EQ(::stat(path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0644U);
}

TEST_F(WriteFileWhole, KeepsTheOldFileWhereTheReportFails) {
    ASSERT_TRUE(write(path(), "old"));
    const auto done = writeFileWhole(path(), [](std::ostream& out) -> Result<void> {
        out << "half of the new";
        return Error{ErrorKind::Input, "is shorter now", "log", {}};
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().what, "is shorter now");
    EXPECT_EQ(content(), "old");
    EXPECT_EQ(files(), 1);
}

TEST_F(WriteFileWhole, LeavesNothingWhereTheFolderIsMissing) {
    const auto done = write(m_folder + "/missing/report.txt", "new");
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().kind, ErrorKind::Output);
    EXPECT_THAT(done.error().sentence(), HasSubstr("No such file or directory"));
    EXPECT_EQ(files(), 0);
}

TEST_F(WriteFileWhole, LeavesNothingWhereTheFolderMayNotBeWrittenTo) {
    fs::permissions(m_folder, fs::perms::owner_read | fs::perms::owner_exec);
    {
        const test::Unprivileged user;
        if (!test::Unprivileged::isBound()) GTEST_SKIP() << "this user may write everywhere";
        const auto done = write(path(), "new");
        ASSERT_FALSE(done);
        EXPECT_THAT(done.error().sentence(), HasSubstr("Permission denied"));
    }
    EXPECT_EQ(files(), 0);
}

TEST_F(WriteFileWhole, OfADirectoryIsAnError) {
    fs::create_directory(path());
    const auto done = write(path(), "new");
    ASSERT_FALSE(done);
    EXPECT_THAT(done.error().sentence(), HasSubstr("Is a directory"));
    EXPECT_EQ(files(), 1);
}

TEST_F(WriteFileWhole, WritesToADeviceAndDoesNotReplaceIt) {
    ASSERT_TRUE(write("/dev/null", "new"));
    EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(WriteFileWhole, ReplacesWhatALinkNamesAndNotTheLink) {
    const std::string link = m_folder + "/link";
    fs::create_symlink("report.txt", link);
    ASSERT_TRUE(write(link, "new"));
    ASSERT_TRUE(write(link, "newer"));
    EXPECT_EQ(content(), "newer");
    EXPECT_TRUE(fs::is_symlink(link));
    EXPECT_EQ(files(), 2);
}

TEST_F(WriteFileWhole, ALinkToADescriptorThatIsClosedIsAnErrorAndStays) {
    const std::string link = m_folder + "/link";
    fs::create_symlink("/proc/self/fd/987", link);
    const auto done = write(link, "new");
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().kind, ErrorKind::Output);
    EXPECT_TRUE(fs::is_symlink(link));
    EXPECT_EQ(files(), 1);
}

TEST_F(WriteFileWhole, SaysThatADeviceIsFull) {
    if (!fs::exists("/dev/full")) GTEST_SKIP() << "there is no /dev/full";
    const auto done = write("/dev/full", std::string(100'000, 'x'));
    ASSERT_FALSE(done);
    EXPECT_THAT(done.error().sentence(), HasSubstr("No space left on device"));
    EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

TEST_F(WriteFileWhole, FollowsALinkToItsFile) {
    ASSERT_TRUE(write(m_folder + "/target.txt", "old"));
    fs::create_symlink(m_folder + "/target.txt", path());
    ASSERT_TRUE(write(path(), "new"));
    EXPECT_EQ(content(), "new");
}

}  // namespace
}  // namespace alloclens
