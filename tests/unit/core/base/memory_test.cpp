// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace alloclens {
namespace {

constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20;

/// A tree of control groups as the system shows them.
class ControlGroups : public ::testing::Test {
protected:
    ControlGroups() {
        std::string name = (std::filesystem::temp_directory_path() / "alloclens-groups-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) ADD_FAILURE() << "cannot make " << name;
        m_root = name;
    }
    ~ControlGroups() override { std::filesystem::remove_all(m_root); }

    void add(const std::string& group, const std::string& max, std::uint64_t current, std::uint64_t files = 0) {
        const std::filesystem::path folder = m_root / group;
        std::filesystem::create_directories(folder);
        std::ofstream(folder / "memory.max") << max << '\n';
        std::ofstream(folder / "memory.current") << current << '\n';
        std::ofstream(folder / "memory.stat")
            << "anon " << current - files << "\nfile " << files << "\nactive_file " << files / 4 << "\ninactive_file "
            << files - files / 4 - files / 8 << "\nslab_reclaimable " << files / 8 << '\n';
    }
    [[nodiscard]] std::optional<std::uint64_t> available(const std::string& group) const {
        return availableOfGroup(m_root, group);
    }

private:
    std::filesystem::path m_root;
};

TEST(Memory, TheSystemTellsWhatIsFree) {
    const auto available = availableMemory();
    ASSERT_TRUE(available);
    EXPECT_GT(*available, kMebibyte);
}

TEST(Memory, AProcessMayNotTakeMoreThanItsOwnLimit) {
    std::uint64_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    const std::uint64_t used = pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_AS, &before), 0);
    rlimit tight = before;
    tight.rlim_cur = std::min<rlim_t>(before.rlim_max, used + 512 * kMebibyte);
    ASSERT_EQ(::setrlimit(RLIMIT_AS, &tight), 0);
    const auto available = availableMemory();
    ASSERT_EQ(::setrlimit(RLIMIT_AS, &before), 0);
    ASSERT_TRUE(available);
    EXPECT_LE(*available, 513 * kMebibyte);
}

TEST_F(ControlGroups, WithoutALimitLeaveEverything) {
    add("user", "max", 5 * kMebibyte);
    EXPECT_FALSE(available("user"));
    EXPECT_FALSE(available("nobody"));
}

TEST_F(ControlGroups, LeaveWhatIsNotUsed) {
    add("user", "104857600", 30 * kMebibyte);
    EXPECT_EQ(available("user"), 70 * kMebibyte);
    add("user", "104857600", 101 * kMebibyte);  // the limit was lowered meanwhile
    EXPECT_EQ(available("user"), 0U);
}

// A build or a large log fills the group with pages of files, which are given back.
TEST_F(ControlGroups, DoNotCountPagesOfFilesAsUsed) {
    add("user", "104857600", 100 * kMebibyte, 64 * kMebibyte);
    EXPECT_EQ(available("user"), 64 * kMebibyte);
}

TEST_F(ControlGroups, AboveHaveLimitsToo) {
    add("", "209715200", 190 * kMebibyte);
    add("user", "max", 150 * kMebibyte);
    add("user/session", "104857600", 30 * kMebibyte);
    EXPECT_EQ(available("user/session"), 10 * kMebibyte);
    EXPECT_EQ(available("user/session/"), 10 * kMebibyte);
    EXPECT_EQ(available("user"), 10 * kMebibyte);
    add("", "max", 190 * kMebibyte);
    EXPECT_EQ(available("user/session"), 70 * kMebibyte);
    EXPECT_FALSE(available("user"));
}

}  // namespace
}  // namespace alloclens
