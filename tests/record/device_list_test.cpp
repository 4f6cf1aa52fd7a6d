// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/device_list.h"

#include <gtest/gtest.h>

namespace alloclens::record {
namespace {

TEST(DeviceList, AnArchitectureGivesSoManyEqualDevices) {
    const auto devices = devicesOfArchitecture("Wormhole_b0", 8);
    ASSERT_TRUE(devices);
    ASSERT_EQ(devices->size(), 8U);
    EXPECT_EQ(devices->back().architecture, 2U);
    EXPECT_EQ(devices->back().dramBytes, std::uint64_t{12} << 30);
    EXPECT_TRUE(devices->back().isAvailable);
}

TEST(DeviceList, NamesAndNumbersThatCannotBeAreRefused) {
    for (const auto& [name, count] :
         {std::pair{"quasar", 1U}, {"pentium", 1U}, {"blackhole", 0U}, {"blackhole", 257U}}) {
        const auto devices = devicesOfArchitecture(name, count);
        ASSERT_FALSE(devices) << name << ' ' << count;
        EXPECT_EQ(devices.error().kind, ErrorKind::Usage);
    }
}

TEST(DeviceList, AFileDescribesDevicesOneByOne) {
    const auto devices = devicesFromJson(R"({"devices": [
        {"device": 2, "arch": "blackhole", "remote": true},
        {"device": 0, "dramChannels": 3, "dramBytesPerChannel": 1000, "l1BytesPerCore": 10, "l1Bytes": 200}]})",
                                         "devices.json", "grayskull");
    ASSERT_TRUE(devices) << devices.error().sentence();
    ASSERT_EQ(devices->size(), 3U);
    EXPECT_EQ((*devices)[0].architecture, 1U);
    EXPECT_EQ((*devices)[0].dramBytes, 3000U);
    EXPECT_EQ((*devices)[0].l1Bytes, 200U);
    EXPECT_FALSE((*devices)[1].isAvailable);
    EXPECT_TRUE((*devices)[2].isRemote);
    EXPECT_EQ((*devices)[2].architecture, 3U);
}

TEST(DeviceList, DamagedDescriptionsAreRefusedWithTheirPlace) {
    for (const char* const text : {"", "{", "{}", "7", "[7]", R"([{"device": 256}])", R"([{"device": -1}])",
                                   R"([{"arch": 3}])", R"([{"arch": "pentium"}])", R"([{"available": 1}])",
                                   R"([{"dramChannels": 4294967296}])", R"([{"dramBytes": 1.5}])"}) {
        const auto devices = devicesFromJson(text, "devices.json", {});
        ASSERT_FALSE(devices) << text;
        EXPECT_EQ(devices.error().where, "devices.json");
    }
}

TEST(DeviceList, AFileThatIsNoFileIsSaid) {
    EXPECT_FALSE(devicesFromFile("/nowhere/devices.json", {}));
    EXPECT_FALSE(devicesFromFile("/dev/zero", {}));
    EXPECT_FALSE(devicesFromFile("/", {}));
}

}  // namespace
}  // namespace alloclens::record
