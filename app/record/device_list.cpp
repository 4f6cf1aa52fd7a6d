// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/device_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "core/base/json.h"

namespace alloclens::record {
namespace {

using Json = nlohmann::json;

struct Architecture {
    std::string_view name;  ///< as the server prints it
    std::uint32_t number;
    std::uint32_t dramChannels;
    std::uint64_t dramBytesPerChannel;
    std::uint32_t l1BytesPerCore;
    std::uint32_t cores;  ///< of the whole grid, as the server counts them
};

constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;
// From the drivers' descriptions of the chips.
constexpr std::array kArchitectures = {
    Architecture{"Grayskull", 1, 8, kGiB, 1048576, 13 * 12},
    Architecture{"Wormhole_B0", 2, 6, 2 * kGiB, 1499136, 10 * 12},
    Architecture{"Blackhole", 3, 8, 4278190080, 1572864, 17 * 12},
    Architecture{"Quasar", 4, 0, 0, 0, 0},
};

bool isSameName(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

Result<Architecture> findArchitecture(std::string_view name) {
    for (const Architecture& architecture : kArchitectures) {
        if (isSameName(architecture.name, name)) return architecture;
    }
    return Error{ErrorKind::Usage,
                 fmt::format("the architecture '{}' is not known", name),
                 {},
                 "Known architectures: grayskull, wormhole_b0, blackhole and, in a file of devices, quasar."};
}

Device deviceOf(const Architecture& architecture) {
    Device device;
    device.isAvailable = true;
    device.architecture = architecture.number;
    device.dramChannels = architecture.dramChannels;
    device.dramBytesPerChannel = architecture.dramBytesPerChannel;
    device.l1BytesPerCore = architecture.l1BytesPerCore;
    device.dramBytes = architecture.dramChannels * architecture.dramBytesPerChannel;
    device.l1Bytes = std::uint64_t{architecture.l1BytesPerCore} * architecture.cores;
    return device;
}

template <typename Number>
bool readNumber(const Json& entry, const char* key, Number& to) {
    const auto at = entry.find(key);
    if (at == entry.end()) return true;
    if (!at->is_number_unsigned()) return false;
    const auto value = at->get<std::uint64_t>();
    to = static_cast<Number>(value);
    return std::uint64_t{to} == value;
}

Result<Device> readDevice(const Json& entry, std::string_view architecture) {
    const auto wrong = [](std::string what) { return Error{ErrorKind::Input, std::move(what), {}, {}}; };
    const auto named = entry.find("arch");
    if (named != entry.end() && !named->is_string()) return wrong("\"arch\" is not a text");
    const std::string name = named != entry.end() ? named->get<std::string>() : std::string(architecture);
    Device device;
    device.isAvailable = true;
    if (!name.empty()) {
        const auto found = findArchitecture(name);
        if (!found) return found.error();
        device = deviceOf(*found);
    }
    for (const auto& [key, target] : {std::pair{"available", &device.isAvailable}, {"remote", &device.isRemote}}) {
        const auto at = entry.find(key);
        if (at == entry.end()) continue;
        if (!at->is_boolean()) return wrong(fmt::format("\"{}\" is neither true nor false", key));
        *target = at->get<bool>();
    }
    const std::uint64_t usual = device.dramBytes;
    const bool isRead = readNumber(entry, "dramChannels", device.dramChannels)
                        && readNumber(entry, "dramBytesPerChannel", device.dramBytesPerChannel)
                        && readNumber(entry, "l1BytesPerCore", device.l1BytesPerCore)
                        && readNumber(entry, "dramBytes", device.dramBytes)
                        && readNumber(entry, "l1Bytes", device.l1Bytes);
    if (!isRead) return wrong("a number of a device is negative, too large or not a whole number");
    if (device.dramBytes == usual && !entry.contains("dramBytes")) {
        device.dramBytes = device.dramChannels * device.dramBytesPerChannel;
    }
    return device;
}

}  // namespace

std::string_view architectureName(std::uint32_t architecture) {
    for (const Architecture& known : kArchitectures) {
        if (known.number == architecture) return known.name;
    }
    return "Unknown";
}

Result<DeviceList> devicesOfArchitecture(std::string_view name, std::uint32_t count) {
    const auto architecture = findArchitecture(name);
    if (!architecture) return architecture.error();
    if (architecture->cores == 0) {
        return Error{ErrorKind::Usage,
                     fmt::format("the memory of '{}' is not known", name),
                     {},
                     "Describe the devices in a file for --devices."};
    }
    if (count == 0 || count > static_cast<std::uint32_t>(kMostDevices)) {
        return Error{
            ErrorKind::Usage, fmt::format("there can be 1 to {} devices, not {}", kMostDevices, count), {}, {}};
    }
    return DeviceList(count, deviceOf(*architecture));
}

Result<DeviceList> devicesFromJson(std::string_view text, const std::string& where, std::string_view architecture) {
    const auto wrong = [&where](std::string what) {
        return Error{ErrorKind::Input, std::move(what), where, "docs/recorder.md describes the file."};
    };
    const Json root = parseJson<Json>(text);
    if (isNestedTooDeep(text)) return wrong(std::string(jsonFault(text)));
    if (root.is_discarded()) return wrong("is not valid JSON");
    const Json* const list = root.is_object() && root.contains("devices") ? &root["devices"] : &root;
    if (!list->is_array()) return wrong("has no list of devices");
    DeviceList devices;
    for (std::size_t i = 0; i < list->size(); ++i) {
        const Json& entry = (*list)[i];
        std::uint32_t number = static_cast<std::uint32_t>(i);
        if (!entry.is_object() || !readNumber(entry, "device", number)
            || number >= static_cast<std::uint32_t>(kMostDevices)) {
            return wrong(fmt::format("entry {} is not a device with a number from 0 to {}", i + 1, kMostDevices - 1));
        }
        const auto device = readDevice(entry, architecture);
        if (!device) return wrong(fmt::format("entry {}: {}", i + 1, device.error().what));
        if (number >= devices.size()) devices.resize(number + 1);
        devices[number] = *device;
    }
    return devices;
}

Result<DeviceList> devicesFromFile(const std::string& path, std::string_view architecture) {
    constexpr std::size_t kMostBytes = std::size_t{1} << 20;
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    std::string text(kMostBytes + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file.eof()) {
        const bool isLong = file.gcount() == static_cast<std::streamsize>(text.size());
        return Error{ErrorKind::Input,
                     isLong ? "is too long for a description of devices"
                            : fmt::format("cannot be read: {}", std::strerror(errno != 0 ? errno : EIO)),
                     path,
                     {}};
    }
    text.resize(static_cast<std::size_t>(file.gcount()));
    return devicesFromJson(text, path, architecture);
}

}  // namespace alloclens::record
