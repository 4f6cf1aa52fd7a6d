// SPDX-License-Identifier: GPL-3.0-or-later
//
// Prints the server's lines of batches on descriptors that it is given, many lines a write, on a thread of its own. A
// reader that is too slow, or gone, loses lines, which are counted; it never holds up the recording. Used by the
// recorder's thread; the sum may be read by any.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "app/record/batch.h"
#include "app/record/bounded_queue.h"
#include "app/record/server_text.h"

namespace alloclens::record {

/// The text of a batch as the server prints it; `complaints` takes what goes to standard error.
void appendBatchText(const Batch& batch, Voice voice, std::string& text, std::string& complaints);

class EchoOutput {
public:
    /// The descriptors stay the caller's. SIGPIPE is to be ignored where they may be pipes.
    EchoOutput(int output, int errors, Voice voice, std::size_t queueBytes);
    ~EchoOutput();
    EchoOutput(const EchoOutput&) = delete;
    EchoOutput& operator=(const EchoOutput&) = delete;

    void offer(std::shared_ptr<const Batch> batch);
    /// Waits until all is printed, as long as the reader takes some.
    void finish();
    /// Lines, about, that were not printed.
    [[nodiscard]] std::uint64_t lost() const { return m_lost; }

private:
    void run();
    [[nodiscard]] bool print(int descriptor, const std::string& text);

    const int m_output;
    const int m_errors;
    const Voice m_voice;
    BoundedQueue<std::shared_ptr<const Batch>> m_queue;
    std::atomic<std::uint64_t> m_lost = 0;
    std::atomic<bool> m_isEnding = false;
    bool m_isBroken = false;  ///< nobody reads any longer
    std::thread m_thread;
};

}  // namespace alloclens::record
