// SPDX-License-Identifier: GPL-3.0-or-later
//
// Logs of the allocation server, of all its generations (docs/formats/server-log.md). Stretches of the file are read by
// several threads and put together in order; a reader waits when it is too far ahead of the one who puts together.
#include "importers/importer.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "importers/server_log/event_line.h"
#include "importers/server_log/fact_line.h"
#include "importers/server_log/part_reader.h"
#include "importers/server_log/stitch.h"

namespace alloclens {
namespace server_log {
namespace {

constexpr std::size_t kHeadBytes = 256 * 1024;

bool isServerLine(std::string_view line) {
    EventMatch match;
    const std::size_t head = std::min(line.find(kProcessHead), line.find(kBareRefusal));
    if (head != std::string_view::npos && matchEvent(line, head, match) == Match::Event) return true;
    const auto fact = matchFact(line);
    return fact
           && (fact->kind == FactKind::ServerStarted || fact->kind == FactKind::StatisticsBegin
               || fact->kind == FactKind::Kernel || fact->kind == FactKind::CircularBuffer);
}

/// How far the first bytes that are not NUL are looked for: a log that was truncated while its server ran begins with a
/// run of NUL bytes as long as the log was.
constexpr std::uint64_t kFarthestHead = std::uint64_t{256} << 20;

std::string headBehindNulBytes(const Input& input) {
    std::string head;
    for (std::uint64_t offset = 0; offset < std::min(input.size(), kFarthestHead); offset += kHeadBytes) {
        head.resize(kHeadBytes);
        const auto got = input.readAt(offset, head.data(), head.size());
        head.resize(got ? *got : 0);
        const std::size_t text = head.find_first_not_of('\0');
        if (text != std::string::npos) return head.substr(text);
    }
    return {};
}

bool isBinary(std::string_view head) {
    const auto isControl = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t' && byte != 0x1b && byte != '\f';
    };
    constexpr std::size_t kOneIn = 20;
    return static_cast<std::size_t>(std::count_if(head.begin(), head.end(), isControl)) > head.size() / kOneIn;
}

Sniff sniff(const Input& input) {
    const std::string head = headBehindNulBytes(input);
    if (head.empty()) return input.size() > kFarthestHead ? Sniff::Possible : Sniff::No;
    std::string_view rest = head;
    while (!rest.empty()) {
        const std::size_t newline = std::min(rest.find('\n'), rest.size());
        if (isServerLine(rest.substr(0, newline))) return Sniff::Certain;
        rest.remove_prefix(std::min(newline + 1, rest.size()));
    }
    // Text in which the server's lines may come later: reading it will tell.
    return isBinary(head) ? Sniff::No : Sniff::Possible;
}

/// Hands out stretches in order and takes the parts back in order, from any number of threads.
class Assembly {
public:
    Assembly(const Input& input, unsigned threads, const TaskContext& task)
        : m_input(input),
          m_task(task),
          m_stretches((input.size() + m_limits.stretchBytes - 1) / m_limits.stretchBytes),
          m_aheadLimit(threads * std::uint64_t{4}) {}

    void readStretches() {
        while (true) {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, [this] { return m_stop || m_next >= m_stretches || m_next < m_taken + m_aheadLimit; });
            if (m_stop || m_next >= m_stretches) return;
            const std::uint64_t stretch = m_next++;
            lock.unlock();
            const std::uint64_t begin = stretch * m_limits.stretchBytes;
            const std::uint64_t end = std::min(begin + m_limits.stretchBytes, m_input.size());
            auto part = m_task.isCancelled() ? Result<Part>(TaskContext::cancelled())
                                             : readPart(m_input, begin, end, m_limits);
            lock.lock();
            m_parts.emplace(stretch, std::move(part));
            m_changed.notify_all();
        }
    }

    [[nodiscard]] Result<Generation> putTogether(TraceBuilder& builder) {
        Generation generation;
        for (std::uint64_t stretch = 0; stretch < m_stretches; ++stretch) {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, [this, stretch] { return m_parts.contains(stretch); });
            auto part = std::move(m_parts.extract(stretch).mapped());
            m_taken = stretch + 1;
            m_changed.notify_all();
            lock.unlock();
            if (!part) return part.error();
            generation.countsReferences |= part->generation.countsReferences;
            generation.isEnhanced |= part->generation.isEnhanced;
            if (const auto done = builder.append(std::move(part->trace)); !done) return done.error();
            m_task.report("reading", static_cast<double>(stretch + 1) / static_cast<double>(m_stretches));
        }
        return generation;
    }

    void stop() {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
        m_changed.notify_all();
    }

private:
    const Input& m_input;
    const TaskContext& m_task;
    Limits m_limits;
    std::uint64_t m_stretches;
    std::uint64_t m_aheadLimit;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::uint64_t m_next = 0;
    std::uint64_t m_taken = 0;
    bool m_stop = false;
    std::map<std::uint64_t, Result<Part>> m_parts;
};

Result<Trace> read(Input&& input, const ReadOptions& options, const TaskContext& task) {
    const unsigned threads = options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
    TraceBuilder builder;
    Result<Generation> generation = Generation{};
    {
        Assembly assembly(input, threads, task);
        std::vector<std::jthread> readers;
        readers.reserve(threads);
        for (unsigned i = 0; i < threads; ++i) readers.emplace_back([&assembly] { assembly.readStretches(); });
        generation = assembly.putTogether(builder);
        assembly.stop();
    }
    if (!generation) {
        Error error = generation.error();
        if (error.where.empty() && error.kind != ErrorKind::Cancelled) error.where = input.path();
        return error;
    }
    Trace& draft = builder.draft();
    const bool hasServerLine = std::any_of(draft.facts.begin(), draft.facts.end(), [](const PrintedFact& fact) {
        return fact.kind != FactKind::Banner;  // a blank line is one
    });
    if (draft.events.count() == 0 && !hasServerLine) {
        return Error{ErrorKind::Format, "holds no line of an allocation server", input.path(),
                     "Its log has lines such as \"[PID 7] Allocated 512 bytes of L1 on device 0 (buffer_id=4096)\"."};
    }
    draft.rules.countsReferences = generation->countsReferences;
    draft.rules.keepsLastSize = generation->isEnhanced;
    if (input.isCutShort()) draft.diagnostics.add({DiagnosticCode::CompressedTail, builder.lines(), {}});
    stitch(draft);
    std::string path = input.path();
    const std::uint64_t bytes = input.size();
    return builder.finish("server-log", std::move(path), input.releaseFile(), bytes);
}

}  // namespace
}  // namespace server_log

const Importer& server_log_importer() {
    static constexpr Importer kImporter = {"server-log", "Allocation server log",
                                           "text log of the TT-Metal allocation server, all generations",
                                           server_log::sniff, server_log::read};
    return kImporter;
}

}  // namespace alloclens
