// SPDX-License-Identifier: GPL-3.0-or-later
//
// What tests of the recorder share: a folder that goes with the test, a recorder on a thread of the test, clients that
// send bytes, waiting for a condition, and reading what was recorded.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <thread>
#include <vector>

#include "app/record/recorder.h"
#include "core/analysis/analysis.h"

namespace alloclens::test {

class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] std::string path(std::string_view name) const { return m_path + "/" + std::string(name); }

private:
    std::string m_path;
};

/// Looks at the condition until it holds, for a minute at most.
[[nodiscard]] bool waitFor(const std::function<bool()>& condition);

/// A message as the protocol's description has it.
struct Sent {
    int type = 1;
    std::int32_t device = 0;
    std::uint64_t size = 4096;
    int bufferType = 0;
    std::int32_t pid = 0;
    std::uint64_t address = 0;
};
[[nodiscard]] std::string recordOf(const Sent& message, std::size_t recordSize = 144);
[[nodiscard]] Sent allocationOf(std::uint64_t address, std::int32_t pid, std::uint64_t size = 4096,
                                std::int32_t device = 0);
[[nodiscard]] Sent freeOf(std::uint64_t address, std::int32_t pid, std::int32_t device = 0);

/// A connection to a recorder.
class Peer {
public:
    explicit Peer(const std::string& socket);
    ~Peer() { close(); }
    Peer(Peer&& other) noexcept;
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    [[nodiscard]] bool isConnected() const { return m_descriptor >= 0; }
    /// False where the other end is closed.
    bool send(std::string_view bytes);
    /// As many bytes, or fewer where the other end is closed or nothing comes for a minute.
    [[nodiscard]] std::string receive(std::size_t bytes);
    void close();
    [[nodiscard]] int descriptor() const { return m_descriptor; }

private:
    int m_descriptor = -1;
};

/// A recorder that runs until it is stopped or goes.
class RunningRecorder {
public:
    explicit RunningRecorder(record::RecorderOptions options);
    ~RunningRecorder();

    [[nodiscard]] record::Figures figures() const { return m_recorder->figures(); }
    [[nodiscard]] bool waitForMessages(std::uint64_t messages) const;
    [[nodiscard]] Result<void> stop();
    /// Waits until it ends by itself.
    [[nodiscard]] Result<void> wait();

private:
    std::unique_ptr<record::Recorder> m_recorder;
    Result<void> m_outcome;
    std::thread m_thread;
};

/// Options with socket and file in a folder.
[[nodiscard]] record::RecorderOptions optionsIn(const TemporaryFolder& folder);

/// Reads and analyses a recording or a log.
[[nodiscard]] std::shared_ptr<const Analysis> analyseRecording(const std::string& path);

/// What is found, without places in the source, sorted: comparable between a recording and its echo. Without suspects,
/// which rest on who sent the frees; only the recording knows that.
[[nodiscard]] std::vector<std::string> findingsOf(const Analysis& analysis);

[[nodiscard]] std::string readFile(const std::string& path);

/// Runs alloclens-load with its arguments and gives its standard output.
[[nodiscard]] std::string runLoad(const std::vector<std::string>& arguments);

/// A program that was started, its outputs in files of the folder.
class Program {
public:
    Program(const std::vector<std::string>& command, const std::string& output, const std::string& errors,
            std::uint64_t fileSizeLimit = 0);
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
    void signal(int number) const;
    /// The exit status, or 128 + the signal.
    [[nodiscard]] int wait();
    [[nodiscard]] pid_t pid() const { return m_pid; }

private:
    pid_t m_pid = -1;
};

/// alloclens-cli record, once it listens; false where it did not come to that.
[[nodiscard]] bool waitForSocket(const std::string& path);

}  // namespace alloclens::test
