// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/recorder.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <sys/random.h>

#include "app/record/recorder_loop.h"
#include "app/record/shortage.h"

namespace alloclens::record {
namespace {

using Json = nlohmann::json;

/// A name that no other recording has.
std::string newRun() {
    std::array<unsigned char, 16> bytes{};
    (void)!::getrandom(bytes.data(), bytes.size(), 0);
    std::string text;
    for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
    return text;
}

Json describe(const DeviceList& devices) {
    Json list = Json::array();
    for (std::size_t i = 0; i < devices.size(); ++i) {
        const Device& device = devices[i];
        if (!device.isAvailable) continue;
        list.push_back({{"device", i},
                        {"arch", architectureName(device.architecture)},
                        {"remote", device.isRemote},
                        {"dramChannels", device.dramChannels},
                        {"dramBytesPerChannel", device.dramBytesPerChannel},
                        {"l1BytesPerCore", device.l1BytesPerCore},
                        {"dramBytes", device.dramBytes},
                        {"l1Bytes", device.l1Bytes}});
    }
    return list;
}

native::Description describe(const RecorderOptions& options, const std::string& run, unsigned part) {
    native::Description description;
    description.mayHaveAttributes = true;  // what will come is not known yet
    description.format = "recorder";
    description.path = options.socket.path;
    description.rules.keepsLastSize = options.voice == Voice::Enhanced;
    description.addressForm = AddressForm::Hexadecimal;
    const bool isPython = options.bufferTypes == alloc_message::BufferTypes::Python;
    description.json = Json{{"program", options.program},
                            {"run", run},
                            {"part", part},
                            {"socket", options.socket.path},
                            {"rules", options.voice == Voice::Enhanced ? "enhanced" : "poc"},
                            {"bufferTypes", isPython ? "python" : "cpp"},
                            {"devices", describe(options.devices)}}
                           .dump(-1, ' ', false, Json::error_handler_t::replace);
    return description;
}

}  // namespace

Result<std::unique_ptr<Recorder>> Recorder::open(RecorderOptions options) {
    return withoutThrowing([&] { return openOrThrow(std::move(options)); });
}

Result<std::unique_ptr<Recorder>> Recorder::openOrThrow(RecorderOptions options) {
    if (auto room = Clients::checkRoom(); !room) return room.error();
    // Checks everything before it changes the file or the place of a running server.
    if (auto free = SocketPlace::check(options.socket); !free) return free.error();
    const std::string run = newRun();
    TraceOutputOptions outputOptions;
    outputOptions.path = options.path;
    outputOptions.replacesFile = options.replacesFile;
    outputOptions.rotateBytes = options.rotateBytes;
    outputOptions.queueBytes = options.queueBytes;
    outputOptions.describe = [options, run](unsigned part) { return describe(options, run, part); };
    auto output = TraceOutput::create(std::move(outputOptions));
    if (!output) return output.error();
    auto place = SocketPlace::open(options.socket);
    if (!place) return place.error();
    auto loop = std::make_unique<Loop>(std::move(options), std::move(*place), std::move(*output), run);
    if (auto prepared = loop->prepare(); !prepared) return prepared.error();
    return std::unique_ptr<Recorder>(new Recorder(std::move(loop)));
}

Recorder::Recorder(std::unique_ptr<Loop> loop) : m_loop(std::move(loop)) {}
Recorder::~Recorder() = default;
Result<void> Recorder::run() { return m_loop->run(); }
void Recorder::stop() { m_loop->stop(); }
void Recorder::leavePlace() { m_loop->leavePlace(); }
Figures Recorder::figures() const { return m_loop->figures(); }

}  // namespace alloclens::record
