// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/keys_of_addresses.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/unit/support/log_fixture.h"

namespace alloclens {
namespace {

std::string allocation(std::int64_t device, std::uint64_t address) {
    return fmt::format("[PID 7] Allocated 64 bytes of L1 on device {} (buffer_id={})\n", device, address);
}

TEST(KeysOfAddresses, AreThoseThatEachDeviceHasInTheOrderOfTheDevices) {
    std::mt19937 random(3);
    std::string log;
    for (int i = 0; i < 600; ++i) log += allocation(static_cast<std::int64_t>(random() % 40), 64 * (random() % 30));
    for (std::uint64_t i = 0; i < 400; ++i) log += allocation(5, 64 * i);  // one device has many
    const auto analysis = test::analyseLog(log);
    const std::vector<std::uint64_t> wanted = {64 * 7, 0, 64 * 29, 64 * 7, 64 * 399, 12345};
    const KeysOfAddresses keys(analysis->replay, wanted);
    EXPECT_EQ(keys.count(), 5U) << "each once";
    for (const std::uint64_t address : wanted) {
        const auto found = keys.of(keys.rowOf(address));
        EXPECT_EQ(std::vector<AddressId>(found.begin(), found.end()), analysis->replay.keysOf(address)) << address;
    }
    EXPECT_TRUE(keys.of(keys.rowOf(12345)).empty());
}

TEST(KeysOfAddresses, NoneAreWantedOfNoAddresses) {
    const auto analysis = test::analyseLog(allocation(0, 64));
    EXPECT_EQ(KeysOfAddresses(analysis->replay, {}).count(), 0U);
}

}  // namespace
}  // namespace alloclens
