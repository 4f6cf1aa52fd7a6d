// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/growing_log.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "importers/server_log/log_reading.h"
#include "importers/server_log/part_reader.h"
#include "importers/server_log/reassembly.h"
#include "importers/server_log/stitch.h"

namespace alloclens::server_log {
namespace {

class GrowingLog final : public GrowingSource {
public:
    explicit GrowingLog(const ReadOptions& options) : m_options(options) { m_options.onPart = {}; }

    [[nodiscard]] Result<bool> readOn(const Input& input, const TaskContext& task) override {
        const std::uint64_t from = m_read;
        const auto end = endToRead(input, task);
        if (!end) return end.error();
        while (m_read < *end) {
            if (task.isCancelled()) return TaskContext::cancelled();
            const std::uint64_t to = std::min(*end, m_read + m_limits.stretchBytes);
            if (const auto read = readStretch(input, to, m_buffers, m_part); !read) return read.error();
            m_damage.append(m_part.damage, m_builder.lines(), m_builder.draft().diagnostics);
            if (const auto fits = m_builder.append(std::move(m_part.trace)); !fits) return fits.error();
            m_generation |= m_part.generation;
            m_part.clear();
            m_read = to;
        }
        return m_read > from;
    }

    [[nodiscard]] Result<Trace> trace(const Input& input, bool isEnd) const override {
        const std::uint64_t bytes = isEnd ? std::max(m_read, input.size()) : m_read;
        auto reading = framed(input, bytes);
        if (!reading) return reading.error();
        TraceBuilder& builder = reading->builder;
        auto text = input.text();
        if (!text) {
            return Error{ErrorKind::Input, "cannot be opened again: too many files are open", input.path(),
                         "Close other programs."};
        }
        complete(builder.draft(), reading->generation);
        return builder.finish("server-log", input.path(), std::move(text), bytes, bytes + input.leftOut(0, bytes));
    }

    [[nodiscard]] std::size_t events() const override { return m_builder.events(); }
    [[nodiscard]] std::uint64_t bytesRead() const override { return m_read; }

private:
    // By its frame, if it has one; else what was read as it came.
    [[nodiscard]] Result<LogReading> framed(const Input& input, std::uint64_t bytes) const {
        const FramePlan plan = planFromHead(input, m_options.stream);
        if (plan.isNeeded && bytes > 0) return readByPlan(input, bytes, plan, m_options, {});
        auto plain = plainReading(input, bytes);
        if (!plain) return plain.error();
        auto framed = readFramed(input, bytes, *plain, m_options, {});
        if (!framed) return framed.error();
        return std::move(*framed ? **framed : *plain);
    }

    [[nodiscard]] Result<LogReading> plainReading(const Input& input, std::uint64_t bytes) const {
        LogReading reading{m_builder.copy(), m_generation, m_damage};
        if (bytes > m_read) {
            ReadBuffers buffers;
            Part last;
            if (const auto read = readStretch(input, bytes, buffers, last); !read) return read.error();
            reading.damage.append(last.damage, reading.builder.lines(), reading.builder.draft().diagnostics);
            if (const auto fits = reading.builder.append(std::move(last.trace)); !fits) return fits.error();
            reading.generation |= last.generation;
        }
        if (const auto put = reassemble(input, bytes, reading.damage, reading.generation, reading.builder); !put)
            return put.error();
        return reading;
    }

    [[nodiscard]] Result<void> readStretch(const Input& input, std::uint64_t to, ReadBuffers& buffers,
                                           Part& part) const {
        return readPart(input, m_read, to, m_limits, buffers, part);
    }

    // So far is read at once: a piece, or more where a line is longer.
    [[nodiscard]] Result<std::uint64_t> endToRead(const Input& input, const TaskContext& task) {
        constexpr std::uint64_t kAtOnce = std::uint64_t{32} << 20;
        Result<std::uint64_t> end = m_read;
        for (std::uint64_t to = std::max(m_read, m_searched); end && *end == m_read && to < input.size();) {
            if (task.isCancelled()) return TaskContext::cancelled();
            to = std::min(input.size(), to + kAtOnce);
            end = endOfLines(input, to);
        }
        return end;
    }

    // Behind the last newline in [m_read, end). What was searched in vain is not searched again.
    [[nodiscard]] Result<std::uint64_t> endOfLines(const Input& input, std::uint64_t end) {
        constexpr std::uint64_t kPiece = std::uint64_t{64} << 10;
        std::vector<char> piece(kPiece);
        const std::uint64_t from = std::max(m_read, std::min(m_searched, end));
        for (std::uint64_t to = end; to > from;) {
            const std::uint64_t begin = to - std::min(kPiece, to - from);
            const auto got = input.readAt(begin, piece.data(), static_cast<std::size_t>(to - begin));
            if (!got) return got.error();
            const void* const newline = ::memrchr(piece.data(), '\n', *got);
            if (newline != nullptr) {
                m_searched = end;
                return begin + static_cast<std::uint64_t>(static_cast<const char*>(newline) - piece.data()) + 1;
            }
            to = begin;
        }
        m_searched = end;
        return m_read;
    }

    ReadOptions m_options;
    Limits m_limits;
    TraceBuilder m_builder;
    Generation m_generation;
    Damage m_damage;
    std::uint64_t m_read = 0;      ///< bytes of whole lines
    std::uint64_t m_searched = 0;  ///< no line ends between m_read and here
    ReadBuffers m_buffers;
    Part m_part;
};

}  // namespace

std::unique_ptr<GrowingSource> growingLog(const ReadOptions& options) { return std::make_unique<GrowingLog>(options); }

}  // namespace alloclens::server_log
