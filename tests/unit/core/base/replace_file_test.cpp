// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/replace_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

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
    [[nodiscard]] bool hasNamelessFiles() const {
        const int file = ::open(m_folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
        if (file >= 0) ::close(file);
        return file >= 0;
    }
    static Result<void> write(const std::string& path, const std::string& text) {
        return writeFileWhole(path, {}, [&text](std::ostream& out) {
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
    const auto done = writeFileWhole(path(), {}, [](std::ostream& out) -> Result<void> {
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

TEST_F(WriteFileWhole, HasNoNameBeforeItIsComplete) {
    if (!hasNamelessFiles()) GTEST_SKIP() << "this file system has no files without a name";
    ASSERT_TRUE(write(path(), "old"));
    const auto done = writeFileWhole(path(), {}, [this](std::ostream& out) {
        out << std::string(200'000, 'x') << std::flush;
        EXPECT_EQ(files(), 1) << "a program that is killed here leaves something";
        return Result<void>();
    });
    ASSERT_TRUE(done);
    EXPECT_EQ(content().size(), 200'000U);
    EXPECT_EQ(files(), 1);
}

TEST_F(WriteFileWhole, KeepsModeAndOwnerOfWhatItReplaces) {
    ASSERT_TRUE(write(path(), "old"));
    ASSERT_EQ(::chmod(path().c_str(), 0640), 0);
    constexpr uid_t kNobody = 65534;
    const bool isRoot = ::geteuid() == 0;
    if (isRoot) {
        ASSERT_EQ(::chown(path().c_str(), kNobody, kNobody), 0);
    }
    ASSERT_TRUE(write(path(), "new"));
    struct stat status {};
    ASSERT_EQ(::stat(path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0640U);
    if (isRoot) {
        EXPECT_EQ(status.st_uid, kNobody);
    }
    EXPECT_EQ(content(), "new");
}

TEST_F(WriteFileWhole, FollowsNoLinkThatAnotherUserPutIntoASharedFolder) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can make another user's link";
    fs::permissions(m_folder, fs::perms::all | fs::perms::sticky_bit);
    ASSERT_EQ(::mkdir((m_folder + "/own").c_str(), 0700), 0);
    const std::string victim = m_folder + "/own/victim.txt";
    ASSERT_TRUE(write(victim, "mine"));
    const std::string link = m_folder + "/report.json";
    {
        const test::Unprivileged stranger;
        fs::create_symlink(victim, link);
    }
    const auto done = write(link, "report");
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().kind, ErrorKind::Output);
    EXPECT_THAT(done.error().sentence(), HasSubstr("is a link that another user made in a folder where everybody"));
    ASSERT_FALSE(checkOutput(link, {}));
    std::ifstream file(victim);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "mine");
    fs::remove(link);
    fs::create_symlink(victim, link);
    EXPECT_TRUE(write(link, "report")) << "one's own link is followed";
    EXPECT_TRUE(fs::is_symlink(link));
}

TEST_F(WriteFileWhole, ReplacesNoInputWhateverItIsCalled) {
    ASSERT_TRUE(write(path(), "log"));
    fs::create_symlink(path(), m_folder + "/link");
    fs::create_hard_link(path(), m_folder + "/hard");
    InputFiles inputs;
    inputs.add(path(), "the log that is open");
    for (const std::string& name : {path(), m_folder + "/link", m_folder + "/hard"}) {
        const auto done = writeFileWhole(name, inputs, [](std::ostream& out) {
            out << "report";
            return Result<void>();
        });
        ASSERT_FALSE(done) << name;
        EXPECT_EQ(done.error().kind, ErrorKind::Usage);
        EXPECT_THAT(done.error().sentence(), HasSubstr("would replace the log that is open"));
    }
    EXPECT_EQ(content(), "log");
}

TEST_F(WriteFileWhole, KeepsAFileThatCameMeanwhile) {
    const auto done = replaceFile(path(), {}, Existing::Kept, [this](int) {
        std::ofstream(path()) << "of somebody else";
        return Result<void>();
    });
    ASSERT_FALSE(done);
    EXPECT_THAT(done.error().sentence(), HasSubstr("File exists"));
    EXPECT_EQ(content(), "of somebody else");
    EXPECT_EQ(files(), 1);
}

TEST_F(WriteFileWhole, ReplacesAFileThatCameMeanwhileWhereItMay) {
    const auto done = replaceFile(path(), {}, Existing::Replaced, [this](int descriptor) {
        std::ofstream(path()) << "of somebody else";
        EXPECT_EQ(::write(descriptor, "new", 3), 3);
        return Result<void>();
    });
    ASSERT_TRUE(done);
    EXPECT_EQ(content(), "new");
    EXPECT_EQ(files(), 1);
}

TEST_F(WriteFileWhole, LinksInACircleAreSaid) {
    fs::create_symlink(path(), m_folder + "/b");
    fs::create_symlink(m_folder + "/b", path());
    const auto done = write(path(), "new");
    ASSERT_FALSE(done);
    EXPECT_THAT(done.error().sentence(), HasSubstr("form a loop"));
}

}  // namespace
}  // namespace alloclens
