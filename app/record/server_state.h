// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keeps the tracking server's books: takes messages in the order of their arrival, judges them as the server does, and
// fills batches with what is to be recorded and echoed. Owned by the recorder's thread; knows neither sockets nor
// files. Its tables grow with what clients hold at once, up to a limit.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "app/record/batch.h"
#include "app/record/server_text.h"
#include "core/tracker/tracker.h"
#include "importers/alloc_message/interpreter.h"

namespace alloclens::record {

struct ServerOptions {
    Voice voice = Voice::Poc;  ///< decides the rules as well
    alloc_message::BufferTypes bufferTypes = alloc_message::BufferTypes::Cpp;
    bool echoes = false;
};

/// Of bytes that are no message.
inline constexpr DiagnosticCode kSkippedBytes = DiagnosticCode::TornLine;

/// Where a message comes from.
struct Arrival {
    std::int64_t time = kNoTime;   ///< ns since 1970
    std::int32_t sender = kNoPid;  ///< the process at the other end of the socket
};

/// What a server tells of a device when it is asked.
struct DeviceUse {
    std::uint64_t dram = 0;
    std::uint64_t l1 = 0;
    std::uint64_t l1Small = 0;  ///< with SYSTEM_MEMORY, as the server counts
    std::uint64_t trace = 0;
    std::uint64_t circularBuffers = 0;
    std::uint64_t kernels = 0;
};

class ServerState {
public:
    struct Counts {
        std::uint64_t messages = 0;  ///< of every kind
        std::uint64_t events = 0;
        std::uint64_t refusedFrees = 0;
        std::uint64_t invalid = 0;
        std::uint64_t sweeps = 0;
        std::uint64_t reportsLeftOut = 0;  ///< of the echo: there were too many
        std::uint64_t reportRows = 0;      ///< entries that reports were made of
    };

    explicit ServerState(const ServerOptions& options);

    /// Any message but a query or a dump.
    void take(const alloc_message::Message& message, const Arrival& arrival);
    /// What the record of the event that was added last tells beside its message.
    void describeLast(const char* record, std::size_t size);
    /// A message that is answered or asks for a report; only counts it.
    void countQuery() { countMessage(); }
    /// A process has died: drops what it owned.
    void sweep(std::int32_t pid, std::int64_t time);
    [[nodiscard]] bool isOwner(std::int32_t pid) const {
        return m_books.tracker().isOwner(pid) || m_books.code().isOwner(pid);
    }
    [[nodiscard]] DeviceUse use(std::int32_t device) const;

    void dumpRemaining();
    void dumpKernels(std::int64_t now);
    /// Reports of the echo may look at so many entries a second, so that clients need not wait long.
    static constexpr std::int64_t kReportRowsASecond = 500'000;
    /// Once a second.
    void allowReports();
    /// Prints the server's lines of its start, its statistics and its end.
    void announceStart(const std::string& socketPath, const DeviceList& devices);
    void printStatistics();
    void announceStop();

    /// Something is wrong with what came.
    void diagnose(DiagnosticCode code, std::string detail);

    [[nodiscard]] const Counts& counts() const { return m_counts; }
    [[nodiscard]] std::map<std::int32_t, std::uint64_t> liveBytes() const;
    [[nodiscard]] TrackerRules rules() const { return m_rules; }

    /// What was collected since the last call; it goes on with an empty batch.
    [[nodiscard]] std::shared_ptr<Batch> takeBatch();
    [[nodiscard]] const Batch& batch() const { return *m_batch; }

private:
    void countMessage() {
        ++m_counts.messages;
        ++m_batch->messages;
    }
    void takeEvent(const alloc_message::Message& message, const alloc_message::Meaning& meaning,
                   const Arrival& arrival);
    void takeCounter(const alloc_message::Message& message, const alloc_message::Meaning& meaning);
    void remember(const alloc_message::Message& message, const alloc_message::Meaning& meaning);
    [[nodiscard]] std::string complaintOf(const alloc_message::Message& message, alloc_message::Refusal why) const;

    void add(PrintedFact fact);
    void complain(const PrintedFact& fact, const std::string& complaint, std::string detail);
    [[nodiscard]] bool mayReport(std::size_t rows);
    void echo(std::string text, bool replacesEvent = false, bool isComplaint = false);

    ServerOptions m_options;
    TrackerRules m_rules;
    alloc_message::Interpreter m_books;
    Histories m_histories;  ///< only where the enhanced server is echoed
    Counts m_counts;
    std::int64_t m_reportRowsLeft = kReportRowsASecond;
    std::shared_ptr<Batch> m_batch;
};

}  // namespace alloclens::record
