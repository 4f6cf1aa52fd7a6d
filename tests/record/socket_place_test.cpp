// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/socket_place.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <grp.h>
#include <memory>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

#include "app/record/folder_lock.h"
#include "tests/record/fixture.h"

namespace alloclens::record {
namespace {

using test::TemporaryFolder;

SocketOptions at(const std::string& path) {
    SocketOptions options;
    options.path = path;
    return options;
}

mode_t modeOf(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(::lstat(path.c_str(), &status), 0);
    return status.st_mode & 0777U;
}

bool isThere(const std::string& path) {
    struct stat status {};
    return ::lstat(path.c_str(), &status) == 0;
}

TEST(SocketPlace, OnlyTheUserMayConnect) {
    const TemporaryFolder folder;
    const mode_t before = ::umask(0);
    const auto place = SocketPlace::open(at(folder.path("socket")));
    ::umask(before);
    ASSERT_TRUE(place);
    EXPECT_EQ(modeOf(folder.path("socket")), 0600U);
}

TEST(SocketPlace, AGroupMayConnectIfItIsNamed) {
    const TemporaryFolder folder;
    const group* const own = ::getgrgid(::getgid());
    if (own == nullptr) GTEST_SKIP() << "the group has no name";
    SocketOptions options = at(folder.path("socket"));
    options.group = own->gr_name;
    const mode_t before = ::umask(077);
    const auto place = SocketPlace::open(options);
    ::umask(before);
    ASSERT_TRUE(place);
    EXPECT_EQ(modeOf(options.path), 0660U);
    struct stat status {};
    ASSERT_EQ(::lstat(options.path.c_str(), &status), 0);
    EXPECT_EQ(status.st_gid, ::getgid());
}

TEST(SocketPlace, AGroupThatIsNotThereIsSaid) {
    const TemporaryFolder folder;
    SocketOptions options = at(folder.path("socket"));
    options.group = "no-such-group-here";
    const auto place = SocketPlace::open(options);
    ASSERT_FALSE(place);
    EXPECT_NE(place.error().sentence().find("no-such-group-here"), std::string::npos);
    EXPECT_FALSE(isThere(options.path));
}

TEST(SocketPlace, APlaceThatIsServedIsLeftToItsServer) {
    const TemporaryFolder folder;
    const auto first = SocketPlace::open(at(folder.path("socket")));
    ASSERT_TRUE(first);
    EXPECT_FALSE(SocketPlace::check(at(folder.path("socket"))));
    const auto second = SocketPlace::open(at(folder.path("socket")));
    ASSERT_FALSE(second);
    EXPECT_NE(second.error().sentence().find("--replace"), std::string::npos);
    EXPECT_TRUE(test::Peer(folder.path("socket")).isConnected());
}

TEST(SocketPlace, APlaceIsTakenOverWhereThatIsAskedFor) {
    const TemporaryFolder folder;
    auto first = SocketPlace::open(at(folder.path("socket")));
    ASSERT_TRUE(first);
    SocketOptions options = at(folder.path("socket"));
    options.replacesServer = true;
    const auto second = SocketPlace::open(options);
    ASSERT_TRUE(second);
    first->reset();  // who goes does not take away the place of who came
    EXPECT_TRUE(test::Peer(options.path).isConnected());
}

TEST(SocketPlace, WhatADeadServerLeftIsRemoved) {
    const TemporaryFolder folder;
    const auto path = folder.path("socket");
    {
        const auto place = SocketPlace::open(at(path));
        ASSERT_TRUE(place);
        ASSERT_EQ(::rename(path.c_str(), folder.path("kept").c_str()), 0);
    }
    ASSERT_EQ(::rename(folder.path("kept").c_str(), path.c_str()), 0);
    ASSERT_TRUE(isThere(path));
    const auto place = SocketPlace::open(at(path));
    ASSERT_TRUE(place) << place.error().sentence();
    EXPECT_TRUE(test::Peer(path).isConnected());
}

TEST(SocketPlace, NothingButASocketIsEverRemoved) {
    const TemporaryFolder folder;
    const auto path = folder.path("precious");
    std::ofstream(path) << "data";
    SocketOptions options = at(path);
    options.replacesServer = true;
    ASSERT_FALSE(SocketPlace::open(options));
    EXPECT_EQ(test::readFile(path), "data");
    const auto link = folder.path("link");
    ASSERT_EQ(::symlink(path.c_str(), link.c_str()), 0);
    options.path = link;
    ASSERT_FALSE(SocketPlace::open(options));
    EXPECT_EQ(test::readFile(link), "data");
}

TEST(SocketPlace, TheFileGoesWithTheSocket) {
    const TemporaryFolder folder;
    {
        const auto place = SocketPlace::open(at(folder.path("socket")));
        ASSERT_TRUE(place);
    }
    EXPECT_FALSE(isThere(folder.path("socket")));
}

TEST(SocketPlace, TheUmaskDoesNotDecideWhoMayConnect) {
    const TemporaryFolder folder;
    const mode_t before = ::umask(0777);
    const auto place = SocketPlace::open(at(folder.path("socket")));
    ::umask(before);
    ASSERT_TRUE(place) << place.error().sentence();
    EXPECT_EQ(modeOf(folder.path("socket")), 0600U);
}

TEST(SocketPlace, ItIsSeenWhereTheFileIsGoneOrAnothers) {
    const TemporaryFolder folder;
    const std::string path = folder.path("socket");
    const auto place = SocketPlace::open(at(path));
    ASSERT_TRUE(place);
    EXPECT_EQ((*place)->look(), SocketPlace::Standing::Ours);
    ASSERT_EQ(::unlink(path.c_str()), 0);
    EXPECT_EQ((*place)->look(), SocketPlace::Standing::Gone);
    {
        const auto other = SocketPlace::open(at(path));
        ASSERT_TRUE(other);
        EXPECT_EQ((*place)->look(), SocketPlace::Standing::Served);
        EXPECT_FALSE((*place)->reopen()) << "a server that lives is left alone";
        EXPECT_EQ((*other)->look(), SocketPlace::Standing::Ours);
    }
    std::ofstream(path) << "data";
    EXPECT_EQ((*place)->look(), SocketPlace::Standing::Taken);
    EXPECT_FALSE((*place)->reopen());
    EXPECT_EQ(test::readFile(path), "data");
    ASSERT_EQ(::unlink(path.c_str()), 0);
    ASSERT_TRUE((*place)->reopen());
    EXPECT_EQ((*place)->look(), SocketPlace::Standing::Ours);
    EXPECT_TRUE(test::Peer(path).isConnected());
}

// Between the look at a stale socket and its removal another recorder must not come in. The lock is held here as by
// such a recorder, which then has the place.
TEST(SocketPlace, TwoThatStartAtOnceDoNotRemoveEachOther) {
    const TemporaryFolder folder;
    const std::string path = folder.path("socket");
    auto lock = std::make_unique<FolderLock>(folder.path(""), std::chrono::seconds(5));
    Result<std::unique_ptr<SocketPlace>> late = Error{};
    std::thread second([&] { late = SocketPlace::open(at(path)); });
    std::this_thread::sleep_for(std::chrono::milliseconds(50));  // it passes with any, or none
    const int first = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(first, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(first, 1), 0);
    lock.reset();
    second.join();
    EXPECT_FALSE(late);
    EXPECT_TRUE(test::Peer(path).isConnected());
    ::close(first);
}

TEST(SocketPlace, AnotherUsersSocketHasASentenceOfItsOwn) {
    if (::geteuid() != 0) GTEST_SKIP() << "needs another user";
    const TemporaryFolder folder;
    ASSERT_EQ(::chmod(folder.path("").c_str(), 01777), 0);
    const auto others = SocketPlace::open(at(folder.path("socket")));
    ASSERT_TRUE(others);
    constexpr uid_t kNobody = 65534;
    ASSERT_EQ(::seteuid(kNobody), 0);
    const auto place = SocketPlace::open(at(folder.path("socket")));
    EXPECT_EQ(::seteuid(0), 0);
    ASSERT_FALSE(place);
    EXPECT_NE(place.error().what.find("is a socket of the user root"), std::string::npos) << place.error().what;
}

TEST(SocketPlace, PathsThatCannotBeAreSaid) {
    const TemporaryFolder folder;
    const auto tooLong = SocketPlace::open(at(folder.path(std::string(200, 'x'))));
    ASSERT_FALSE(tooLong);
    EXPECT_NE(tooLong.error().what.find("too long"), std::string::npos);
    const auto missing = SocketPlace::open(at(folder.path("missing/socket")));
    ASSERT_FALSE(missing);
    EXPECT_NE(missing.error().what.find("does not exist"), std::string::npos);
    EXPECT_FALSE(SocketPlace::open(at("")));
}

}  // namespace
}  // namespace alloclens::record
