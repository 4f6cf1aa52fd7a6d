// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/log_reading.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <memory>

#include "core/base/units.h"
#include "importers/assembly.h"
#include "importers/beginnings.h"
#include "importers/memory_forecast.h"
#include "importers/server_log/frames/unframed_input.h"
#include "importers/server_log/part_reader.h"
#include "importers/server_log/reassembly.h"
#include "importers/server_log/stitch.h"

namespace alloclens::server_log {
namespace {

/// A log as stretches of so many bytes.
class LogStretches {
public:
    using Part = server_log::Part;
    using Buffers = ReadBuffers;

    LogStretches(const Input& input, bool isUnframed) : m_input(input) { m_limits.isUnframed = isUnframed; }

    [[nodiscard]] Result<bool> read(std::uint64_t stretch, Buffers& buffers, Part& part) const {
        const std::uint64_t begin = stretch * m_limits.stretchBytes;
        const auto length = m_input.bytesFrom(begin, m_limits.stretchBytes);
        if (!length) return length.error();
        if (*length == 0) return false;
        const auto done = readPart(m_input, begin, begin + *length, m_limits, buffers, part);
        if (!done) return done.error();
        return true;
    }
    [[nodiscard]] const std::string& path() const { return m_input.path(); }
    [[nodiscard]] std::uint64_t stretchBytes() const { return m_limits.stretchBytes; }

private:
    const Input& m_input;
    Limits m_limits;
};

/// Reads one text, as it is.
class LogReader {
public:
    LogReader(const Input& input, bool isUnframed, const ReadOptions& options, const TaskContext& task)
        : m_input(input),
          m_options(options),
          m_task(task),
          m_stretches(input, isUnframed),
          m_isUnframed(isUnframed),
          m_beginnings(options),
          m_memory(options.memory) {}

    [[nodiscard]] Result<LogReading> read() {
        TraceBuilder builder;
        Assembly assembly(m_stretches, readerThreads(m_options.threads), m_task);
        const auto done = assembly.run([&](std::uint64_t stretch, Part& part) { return take(stretch, part, builder); });
        if (!done) return done.error();
        if (const auto put = reassemble(m_input, m_input.size(), m_damage, m_generation, builder); !put)
            return put.error();
        return LogReading{std::move(builder), m_generation, std::move(m_damage)};
    }

private:
    // A beginning of 64 MiB takes little memory, where it is of events, and tells something of the rest.
    static constexpr std::uint64_t kStretchesToJudgeBy = 32;

    [[nodiscard]] Result<void> take(std::uint64_t stretch, Part& part, TraceBuilder& builder) {
        m_generation |= part.generation;
        m_damage.append(part.damage, builder.lines(), builder.draft().diagnostics);
        if (auto fits = builder.append(std::move(part.trace)); !fits) return fits;
        if (stretch == 0) reserve(builder);
        const std::uint64_t bytes = (stretch + 1) * m_stretches.stretchBytes();
        if (std::has_single_bit(stretch + 1)) {
            const bool canJudge = stretch + 1 >= kStretchesToJudgeBy;
            if (auto fits = m_memory.check(builder, canJudge ? m_input.fractionAt(bytes) : 1, m_input.path()); !fits)
                return fits;
        }
        m_task.report("reading", m_input.fractionAt(bytes));
        if (m_isUnframed) return {};  // its lines are not those of the source
        m_beginnings.show(builder, bytes,
                          [this, bytes](TraceBuilder&& copy) { return beginning(std::move(copy), bytes); });
        return {};
    }

    // As many events as there will be if the source goes on as it begins, and a few more.
    void reserve(TraceBuilder& builder) const {
        constexpr double kMore = 1.05;
        const double stretches = static_cast<double>(m_input.sizeSoFar())
                                 / static_cast<double>(m_stretches.stretchBytes());
        if (stretches > 1)
            builder.reserve(static_cast<std::size_t>(static_cast<double>(builder.events()) * stretches * kMore));
    }

    [[nodiscard]] std::shared_ptr<const Trace> beginning(TraceBuilder&& builder, std::uint64_t bytes) const {
        auto text = m_input.text();
        if (!text) return nullptr;  // too many open files: the whole will come all the same
        Generation generation = m_generation;
        if (!reassemble(m_input, bytes, m_damage, generation, builder)) return nullptr;
        complete(builder.draft(), generation);
        return std::make_shared<const Trace>(
            builder.finish("server-log", m_input.path(), std::move(text), m_input.sizeSoFar(), m_input.sizeSoFar()));
    }

    const Input& m_input;
    const ReadOptions& m_options;
    const TaskContext& m_task;
    LogStretches m_stretches;
    bool m_isUnframed;
    Beginnings m_beginnings;
    MemoryForecast m_memory;
    Generation m_generation;
    Damage m_damage;
};

/// Streams that hold so many of the events are servers; one that has a few is none.
std::string serversOf(const JoinCounts& counts) {
    constexpr std::uint64_t kOneIn = 100;
    constexpr std::size_t kMostNamed = 8;
    if (counts.isOneServer) return {};
    std::uint64_t all = 0;
    for (const auto& [stream, events] : counts.eventsOf) all += events;
    std::vector<std::pair<std::uint64_t, std::string>> servers;
    for (const auto& [stream, events] : counts.eventsOf) {
        if (events > 1 && events * kOneIn >= all) servers.emplace_back(events, stream.empty() ? "no tag" : stream);
    }
    if (servers.size() < 2) return {};
    std::stable_sort(servers.begin(), servers.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::string text;
    for (std::size_t i = 0; i < std::min(servers.size(), kMostNamed); ++i) {
        if (i > 0) text += ", ";
        text += fmt::format("{}: {}", servers[i].second, formatQuantity(servers[i].first, "event"));
    }
    if (servers.size() > kMostNamed) text += fmt::format(" and {} more", servers.size() - kMostNamed);
    return text;
}

std::string tagsOf(const JoinCounts& counts) {
    std::string text;
    for (const auto& [stream, lines] : counts.linesOf) {
        if (!text.empty()) text += ", ";
        text += fmt::format("\"{}\"", stream);
    }
    return text;
}

/// A frame that was only seen by chance gives nothing, or takes something away.
bool isWorthMore(LogReading& framed, LogReading& plain) {
    const Trace& with = framed.builder.draft();
    const Trace& without = plain.builder.draft();
    const std::size_t events = framed.builder.events();
    const std::size_t plainEvents = plain.builder.events();
    const std::uint64_t damaged = with.lineCounts.damaged;
    const std::uint64_t plainDamaged = without.lineCounts.damaged;
    if (events < plainEvents || damaged > plainDamaged) return false;
    if (events > plainEvents || damaged < plainDamaged) return true;
    if (with.diagnostics.count(DiagnosticCode::SeveralServers) > 0) return true;
    // Where no event was torn, what looks like more of the server's lines is something before them.
    return without.diagnostics.count(DiagnosticCode::Reassembled) > 0 && with.facts.size() > without.facts.size();
}

/// The framed copy has no NUL bytes any more.
void keepNulBytes(LogReading& plain, LogReading& framed) {
    for (const Diagnostic& diagnostic : plain.builder.draft().diagnostics.kept()) {
        if (diagnostic.code == DiagnosticCode::NulBytes) framed.builder.draft().diagnostics.add(diagnostic);
    }
}

}  // namespace

Result<LogReading> readByPlan(const Input& input, std::uint64_t end, const FramePlan& plan, const ReadOptions& options,
                              const TaskContext& task) {
    auto unframed = unframe(input, end, plan, task);
    if (!unframed) return unframed.error();
    const JoinCounts& counts = unframed->counts;
    if (!options.stream.empty() && counts.taken == 0) {
        const std::string tags = tagsOf(counts);
        return Error{ErrorKind::Usage, fmt::format("has no line with the tag \"{}\"", options.stream), input.path(),
                     tags.empty() ? std::string("Its lines have no tags: omit --stream.")
                                  : fmt::format("Its tags are: {}.", tags)};
    }
    auto reading = LogReader(unframed->input, true, options, task).read();
    if (!reading) return reading.error();
    reading->isUnframed = true;
    reading->builder.replaceMarks(std::move(unframed->marks));
    // Servers that follow each other are one that was started again.
    constexpr std::uint64_t kFewestSwitches = 3;
    const std::string servers = serversOf(counts);
    if (!servers.empty() && counts.switches >= kFewestSwitches)
        reading->builder.draft().diagnostics.add({DiagnosticCode::SeveralServers, 0, servers});
    return reading;
}

Result<std::optional<LogReading>> readFramed(const Input& input, std::uint64_t end, LogReading& plain,
                                             const ReadOptions& options, const TaskContext& task) {
    const auto nothing = [] { return std::optional<LogReading>(); };
    if (plain.damage.lines.empty() && plain.damage.hints == 0) return nothing();
    const FramePlan plan = planFromDamage(input, plain.damage, options.stream);
    if (!plan.isNeeded) return nothing();
    auto framed = readByPlan(input, end, plan, options, task);
    if (!framed) return framed.error();
    const bool isTruncated = plan.options.truncatedWidth > 0 || plan.options.truncatedBytes > 0;
    if (!isTruncated && !isWorthMore(*framed, plain)) return nothing();
    keepNulBytes(plain, *framed);
    return std::optional(std::move(*framed));
}

Result<LogReading> readLog(const Input& input, const ReadOptions& options, const TaskContext& task) {
    const FramePlan plan = planFromHead(input, options.stream);
    if (plan.isNeeded) {
        const auto whole = input.bytesFrom(0, ~std::uint64_t{0});
        if (!whole) return whole.error();
        return readByPlan(input, *whole, plan, options, task);
    }
    auto plain = LogReader(input, false, options, task).read();
    if (!plain) return plain.error();
    auto framed = readFramed(input, input.size(), *plain, options, task);
    if (!framed) return framed.error();
    return std::move(*framed ? **framed : *plain);
}

}  // namespace alloclens::server_log
