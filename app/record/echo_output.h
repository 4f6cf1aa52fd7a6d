// SPDX-License-Identifier: GPL-3.0-or-later
//
// Prints the server's lines of batches to given descriptors, many lines a write, on a thread of its own. A reader that
// is slow or gone loses lines, which are counted; it never blocks the recording. Used by the recorder's thread; any
// thread may call lost().
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

/// Appends the text of a batch as the server prints it. `complaints` gets what goes to standard error.
void appendBatchText(const Batch& batch, Voice voice, std::string& text, std::string& complaints);

class EchoOutput {
public:
    /// Does not close the descriptors. Requires: SIGPIPE is ignored if they may be pipes.
    EchoOutput(int output, int errors, Voice voice, std::size_t queueBytes);
    ~EchoOutput();
    EchoOutput(const EchoOutput&) = delete;
    EchoOutput& operator=(const EchoOutput&) = delete;

    /// Queues a batch for printing, or counts its lines as lost if the queue is full.
    void offer(std::shared_ptr<const Batch> batch);
    /// Waits until everything is printed, or until the reader takes nothing more.
    void finish();
    /// About how many lines were not printed.
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
    bool m_isBroken = false;  ///< nobody reads any more
    std::thread m_thread;
};

}  // namespace alloclens::record
