// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/echo_output.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <new>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace alloclens::record {
namespace {

constexpr std::size_t kWriteBytes = std::size_t{1} << 20;
/// How long to wait for a reader that takes nothing, and how often at the end of the recording.
constexpr int kPatienceMs = 200;
constexpr int kMostWaitsAtEnd = 10;

std::uint64_t linesOf(const Batch& batch) {
    std::uint64_t lines = batch.block.events.size();
    for (const EchoText& text : batch.echo) {
        lines += static_cast<std::uint64_t>(std::count(text.text.begin(), text.text.end(), '\n'))
                 - (text.replacesEvent ? 1 : 0);
        constexpr std::uint64_t kLinesOfKernel = 5;
        if (text.kernels) lines += kLinesOfKernel * text.kernels->kernels.size();
    }
    return lines;
}

}  // namespace

void appendBatchText(const Batch& batch, Voice voice, std::string& text, std::string& complaints) {
    auto special = batch.echo.begin();
    const auto& events = batch.block.events;
    for (std::size_t i = 0; i <= events.size(); ++i) {
        bool isReplaced = false;
        for (; special != batch.echo.end() && special->before == i; ++special) {
            (special->isComplaint ? complaints : text) += special->text;
            if (special->kernels) text += kernelsText(special->kernels->kernels, special->kernels->now);
            isReplaced |= special->replacesEvent;
        }
        if (i < events.size() && !isReplaced) appendEventLine(events[i], voice, text);
    }
}

EchoOutput::EchoOutput(int output, int errors, Voice voice, std::size_t queueBytes)
    : m_output(output), m_errors(errors), m_voice(voice), m_queue(queueBytes), m_thread([this] { run(); }) {}

EchoOutput::~EchoOutput() { finish(); }

void EchoOutput::offer(std::shared_ptr<const Batch> batch) {
    const std::size_t bytes = batch->bytes();
    const Batch& content = *batch;
    if (!m_queue.offer(batch, bytes)) m_lost += linesOf(content);
}

void EchoOutput::finish() {
    m_isEnding = true;
    m_queue.close();
    if (m_thread.joinable()) m_thread.join();
}

void EchoOutput::run() {
    std::string text;
    std::string complaints;
    while (const auto batch = m_queue.take()) {
        text.clear();
        complaints.clear();
        try {
            if (!m_isBroken) appendBatchText(**batch, m_voice, text, complaints);
        } catch (const std::bad_alloc&) {
            m_isBroken = true;  // the recording continues without its echo
        }
        if (!m_isBroken) {
            if (!complaints.empty()) (void)print(m_errors, complaints);
            m_isBroken = !print(m_output, text);
        }
        if (m_isBroken) m_lost += linesOf(**batch);
    }
}

// Writes to a pipe only what it takes without blocking, so that the recording's end does not wait for the reader.
bool EchoOutput::print(int descriptor, const std::string& text) {
    struct stat status {};
    const bool isFile = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
    std::size_t done = 0;
    int waits = 0;
    while (done < text.size()) {
        if (!isFile) {
            pollfd place{descriptor, POLLOUT, 0};
            const int ready = ::poll(&place, 1, kPatienceMs);
            if (ready < 0 && errno != EINTR) return false;
            if (ready <= 0) {
                if (m_isEnding && ++waits > kMostWaitsAtEnd) return false;
                continue;
            }
        }
        const std::size_t most = isFile ? kWriteBytes : PIPE_BUF;
        const auto wrote = ::write(descriptor, text.data() + done, std::min(most, text.size() - done));
        if (wrote > 0) {
            done += static_cast<std::size_t>(wrote);
            waits = 0;
        } else if (wrote < 0 && errno != EINTR && errno != EAGAIN) {
            return false;
        }
    }
    return true;
}

}  // namespace alloclens::record
