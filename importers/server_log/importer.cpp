// SPDX-License-Identifier: GPL-3.0-or-later
//
// Logs of the allocation server, of all its generations (docs/formats/server-log.md). Stretches of the file are read by
// several threads and put together in order; a reader waits when it is too far ahead of the one who puts together.
#include "importers/importer.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <condition_variable>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <thread>

#include "core/base/memory.h"
#include "core/base/units.h"
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
    for (std::uint64_t offset = 0; offset < kFarthestHead; offset += kHeadBytes) {
        head.resize(kHeadBytes);
        const auto got = input.readAt(offset, head.data(), head.size());
        head.resize(got ? *got : 0);
        if (head.empty()) break;
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
    if (head.empty()) {
        const auto behind = input.bytesFrom(kFarthestHead, 1);
        return behind && *behind > 0 ? Sniff::Possible : Sniff::No;
    }
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
    Assembly(const Input& input, unsigned threads, std::uint64_t memory, const TaskContext& task)
        : m_input(input),
          m_task(task),
          m_aheadLimit(threads * std::uint64_t{4}),
          m_memory(memory > 0 ? static_cast<double>(memory) : memoryOfSystem()) {}

    void readStretches() {
        ReadBuffers buffers;
        std::unique_lock lock(m_mutex);
        while (true) {
            m_changed.wait(lock, [this] { return m_stop || m_next < m_taken + m_aheadLimit; });
            if (m_stop) return;
            const std::uint64_t stretch = m_next++;
            std::unique_ptr<Part> part = unusedPart();
            lock.unlock();
            auto done = readStretch(stretch, buffers, *part);
            lock.lock();
            m_stop = m_stop || !done || !*done;
            m_done.emplace(stretch, Done{std::move(part), std::move(done)});
            m_changed.notify_all();
        }
    }

    /// Appends every part to `builder`. `appended` is called behind each with the bytes that were read.
    [[nodiscard]] Result<Generation> putTogether(
        TraceBuilder& builder, const std::function<void(const Generation&, std::uint64_t)>& appended) {
        Generation generation;
        for (std::uint64_t stretch = 0;; ++stretch) {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, [this, stretch] { return m_done.contains(stretch); });
            Done done = std::move(m_done.extract(stretch).mapped());
            m_taken = stretch + 1;
            m_changed.notify_all();
            lock.unlock();
            if (!done.outcome) return done.outcome.error();
            if (!*done.outcome) return generation;
            generation.countsReferences |= done.part->generation.countsReferences;
            generation.isEnhanced |= done.part->generation.isEnhanced;
            if (const auto fits = builder.append(std::move(done.part->trace)); !fits) return fits.error();
            if (stretch == 0) reserve(builder);
            if (stretch + 1 >= kStretchesToJudgeBy && std::has_single_bit(stretch + 1)) {
                if (const auto fits = checkMemory(builder, stretch + 1); !fits) return fits.error();
            }
            done.part->clear();
            lock.lock();
            m_unused.push_back(std::move(done.part));
            lock.unlock();
            m_task.report("reading", m_input.fractionAt((stretch + 1) * m_limits.stretchBytes));
            appended(generation, (stretch + 1) * m_limits.stretchBytes);
        }
    }

    void stop() {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
        m_changed.notify_all();
    }

private:
    struct Done {
        std::unique_ptr<Part> part;
        Result<bool> outcome;  ///< false: the input had ended before the stretch
    };

    [[nodiscard]] Result<bool> readStretch(std::uint64_t stretch, ReadBuffers& buffers, Part& part) const {
        if (m_task.isCancelled()) return TaskContext::cancelled();
        const std::uint64_t begin = stretch * m_limits.stretchBytes;
        const auto length = m_input.bytesFrom(begin, m_limits.stretchBytes);
        if (!length) return length.error();
        if (*length == 0) return false;
        try {
            const auto read = readPart(m_input, begin, begin + *length, m_limits, buffers, part);
            if (!read) return read.error();
        } catch (const std::bad_alloc&) {  // not on this thread: the others have to hear of it
            return outOfMemory(m_input.path());
        }
        return true;
    }

    // As many events as there will be if the source goes on as it begins, and a few more.
    void reserve(TraceBuilder& builder) const {
        constexpr double kMore = 1.05;
        const double stretches = static_cast<double>(m_input.sizeSoFar()) / static_cast<double>(m_limits.stretchBytes);
        if (stretches > 1)
            builder.reserve(static_cast<std::size_t>(static_cast<double>(builder.events()) * stretches * kMore));
    }

    // A beginning of 64 MiB takes little memory and tells something of the rest.
    static constexpr std::uint64_t kStretchesToJudgeBy = 64;

    // Whether all that is expected can be held, by what there is of it so far. What has been read is in use already.
    [[nodiscard]] Result<void> checkMemory(const TraceBuilder& builder, std::uint64_t stretches) const {
        constexpr double kBytesAnEvent = 48;
        constexpr double kOfThemRead = 14;
        const double fraction = m_input.fractionAt(stretches * m_limits.stretchBytes);
        if (fraction <= 0) return {};
        const auto read = static_cast<double>(builder.events());
        const double needed = read / fraction * kBytesAnEvent - read * kOfThemRead;
        if (needed <= m_memory) return {};
        return Error{ErrorKind::Input,
                     fmt::format("has so many events, about {}, that some {} of memory are needed; {} are free",
                                 formatCount(static_cast<std::uint64_t>(read / fraction)),
                                 formatBytes(static_cast<std::uint64_t>(needed)),
                                 formatBytes(static_cast<std::uint64_t>(m_memory))),
                     m_input.path(), "Close other programs, or split the file and open its parts."};
    }

    // Parts go round, so that their room is got from the system once.
    [[nodiscard]] std::unique_ptr<Part> unusedPart() {
        if (m_unused.empty()) return std::make_unique<Part>();
        std::unique_ptr<Part> part = std::move(m_unused.back());
        m_unused.pop_back();
        return part;
    }

    [[nodiscard]] static double memoryOfSystem() {
        const auto available = availableMemory();
        return available ? static_cast<double>(*available) : std::numeric_limits<double>::infinity();
    }

    const Input& m_input;
    const TaskContext& m_task;
    Limits m_limits;
    std::uint64_t m_aheadLimit;
    double m_memory;  ///< bytes that may be taken
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::uint64_t m_next = 0;
    std::uint64_t m_taken = 0;
    bool m_stop = false;
    std::map<std::uint64_t, Done> m_done;
    std::vector<std::unique_ptr<Part>> m_unused;
};

void complete(Trace& draft, const Generation& generation) {
    draft.rules.countsReferences = generation.countsReferences;
    draft.rules.keepsLastSize = generation.isEnhanced;
    stitch(draft);
}

/// Shows a growing source: the first 32 MiB, and then whatever is there at four times as much. So all that is made of
/// the beginnings costs a third of what the whole costs.
class Beginnings {
public:
    Beginnings(const ReadOptions& options, const Input& input, const TraceBuilder& builder)
        : m_options(options), m_input(input), m_builder(builder) {}

    void show(const Generation& generation, std::uint64_t bytes) {
        if (!m_options.onPart || bytes < m_next || m_builder.events() == 0) return;
        m_next = bytes * kGrowth;
        auto file = m_input.duplicateFile();
        if (!file.isOpen()) return;  // too many open files: the whole will come all the same
        TraceBuilder builder = m_builder.copy();
        complete(builder.draft(), generation);
        m_options.onPart(std::make_shared<const Trace>(
            builder.finish("server-log", m_input.path(), std::move(file), m_input.sizeSoFar())));
    }

private:
    static constexpr std::uint64_t kGrowth = 4;
    const ReadOptions& m_options;
    const Input& m_input;
    const TraceBuilder& m_builder;
    std::uint64_t m_next = std::uint64_t{32} << 20;
};

Result<Trace> read(Input&& input, const ReadOptions& options, const TaskContext& task) {
    const unsigned threads = options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
    TraceBuilder builder;
    Result<Generation> generation = Generation{};
    {
        Assembly assembly(input, threads, options.memory, task);
        Beginnings beginnings(options, input, builder);
        std::vector<std::jthread> readers;
        readers.reserve(threads);
        for (unsigned i = 0; i < threads; ++i) readers.emplace_back([&assembly] { assembly.readStretches(); });
        // Readers may be waiting for their turn, also where putting together ends with an exception.
        const std::unique_ptr<Assembly, void (*)(Assembly*)> stopAtEnd(&assembly, [](Assembly* all) { all->stop(); });
        generation = assembly.putTogether(
            builder, [&beginnings](const Generation& soFar, std::uint64_t bytes) { beginnings.show(soFar, bytes); });
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
    if (input.isCutShort()) draft.diagnostics.add({DiagnosticCode::CompressedTail, builder.lines(), {}});
    complete(draft, *generation);
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
