// SPDX-License-Identifier: GPL-3.0-or-later
//
// Takes the tracking server's place: listens where it listens, serves all clients on one thread, and records their
// messages as a native trace. run() is called on the recorder's thread and returns after stop(), or when nothing can be
// recorded any more. Any thread may call stop() and figures() at any time. Trace and echo are written on threads of
// their own, which run() ends.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/record/device_list.h"
#include "app/record/server_state.h"
#include "app/record/socket_place.h"
#include "core/base/result.h"

namespace alloclens::record {

struct RecorderOptions {
    std::string path;           ///< of the trace
    bool replacesFile = false;  ///< replaces an existing file; with rotateBytes those of other parts too
    SocketOptions socket;
    DeviceList devices;
    Voice voice = Voice::Poc;
    alloc_message::BufferTypes bufferTypes = alloc_message::BufferTypes::Cpp;
    std::uint64_t rotateBytes = 0;  ///< size of a part; 0 writes one file
    std::string program;            ///< name and version, written to the trace
    int echo = -1;                  ///< descriptor for the server's lines; -1 for none
    int complaints = -1;            ///< the same for what the server prints on standard error
    /// Bytes that may wait for the disk and for the reader of the echo.
    std::size_t queueBytes = std::size_t{256} << 20;
    std::size_t echoQueueBytes = std::size_t{64} << 20;
};

/// The state of the recording.
struct Figures {
    ServerState::Counts counts;
    std::uint64_t skippedBytes = 0;
    std::uint64_t dropped = 0;    ///< messages missing from the trace because the disk was too slow
    std::uint64_t unwritten = 0;  ///< messages after the trace had to end early
    std::uint64_t notEchoed = 0;
    std::uint64_t clients = 0;
    std::uint64_t clientsEver = 0;
    std::uint64_t deafClients = 0;  ///< closed since they read no answers
    std::uint64_t turnedAway = 0;   ///< clients closed at once for lack of descriptors
    std::uint64_t bytes = 0;        ///< size of the trace
    unsigned parts = 1;
    std::map<std::int32_t, std::uint64_t> liveBytes;  ///< by device
    std::vector<std::string> notices;                 ///< one sentence for each problem
};

class Recorder {
public:
    /// Opens the socket and makes the file. Errors: the path or the place cannot be used; memory, threads or
    /// descriptors are lacking. They come before anything was recorded, and leave an existing file as it was.
    [[nodiscard]] static Result<std::unique_ptr<Recorder>> open(RecorderOptions options);
    ~Recorder();
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    /// Records until stop(). Errors are of the trace; what was written before is complete.
    [[nodiscard]] Result<void> run();
    /// Asks run() to end the recording.
    void stop();
    /// The latest figures, at most a moment old.
    [[nodiscard]] Figures figures() const;
    /// Removes the socket's file, for a program that ends without the recorder's own end. Any thread may call.
    void leavePlace();

private:
    class Loop;
    explicit Recorder(std::unique_ptr<Loop> loop);
    [[nodiscard]] static Result<std::unique_ptr<Recorder>> openOrThrow(RecorderOptions options);
    std::unique_ptr<Loop> m_loop;
};

}  // namespace alloclens::record
