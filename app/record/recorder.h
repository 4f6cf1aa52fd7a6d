// SPDX-License-Identifier: GPL-3.0-or-later
//
// Takes the tracking server's place: listens where it listens, serves any number of clients on one thread, and records
// what they say as a native trace. Opened by one thread; run() is the recorder's thread, and returns when stop() was
// called or nothing can be recorded any longer. stop() and figures() may be called by any thread at any time. Writing
// and echoing have threads of their own, which end with it.
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
    bool replacesFile = false;  ///< one that is there is overwritten, and with rotateBytes the other parts too
    SocketOptions socket;
    DeviceList devices;
    Voice voice = Voice::Poc;
    alloc_message::BufferTypes bufferTypes = alloc_message::BufferTypes::Cpp;
    std::uint64_t rotateBytes = 0;  ///< of a part; 0: one file
    std::string program;            ///< named in the trace, with its version
    int echo = -1;                  ///< descriptor for the server's lines; -1: none
    int complaints = -1;            ///< and for what the server prints on standard error
    /// What may wait for the disk and for the reader of the echo.
    std::size_t queueBytes = std::size_t{256} << 20;
    std::size_t echoQueueBytes = std::size_t{64} << 20;
};

/// How far the recording is.
struct Figures {
    ServerState::Counts counts;
    std::uint64_t skippedBytes = 0;
    std::uint64_t dropped = 0;    ///< messages that are not in the trace, since the disk was too slow
    std::uint64_t unwritten = 0;  ///< and those after its end, since it could not be written any longer
    std::uint64_t notEchoed = 0;
    std::uint64_t clients = 0;
    std::uint64_t clientsEver = 0;
    std::uint64_t deafClients = 0;  ///< closed because they read no answers
    std::uint64_t turnedAway = 0;   ///< clients that were closed at once: there was no descriptor left
    std::uint64_t bytes = 0;        ///< of the trace
    unsigned parts = 1;
    std::map<std::int32_t, std::uint64_t> liveBytes;  ///< by device
    std::vector<std::string> notices;                 ///< sentences for the user, one for each thing that went wrong
};

class Recorder {
public:
    /// Takes the place and makes the file; an error is one before anything was recorded.
    [[nodiscard]] static Result<std::unique_ptr<Recorder>> open(RecorderOptions options);
    ~Recorder();
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    /// Records until stop(). An error is one of the trace: what was written before it is complete.
    [[nodiscard]] Result<void> run();
    void stop();
    [[nodiscard]] Figures figures() const;
    /// Removes the socket's file, for a program that is about to end without the recorder's own end. Any thread.
    void leavePlace();

private:
    class Loop;
    explicit Recorder(std::unique_ptr<Loop> loop);
    [[nodiscard]] static Result<std::unique_ptr<Recorder>> openOrThrow(RecorderOptions options);
    std::unique_ptr<Loop> m_loop;
};

}  // namespace alloclens::record
