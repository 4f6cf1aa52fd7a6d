// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/native/trace_writer.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace alloclens::native {
namespace {

class TraceWriter {
public:
    TraceWriter(const Trace& trace, Writer& writer, const StretchLimits& limits, const TaskContext& task)
        : m_trace(trace),
          m_writer(writer),
          m_limits(limits),
          m_task(task),
          m_translated(trace.attributeTables, m_block.attributeTables),
          m_left(trace.lineCounts) {}

    [[nodiscard]] Result<void> run() {
        for (const std::string& note : m_trace.origin.notes) {
            if (auto done = m_writer.note(note); !done) return done;
        }
        // Lines that were made of this format's own records will be made again.
        const bool hasText = m_trace.source->bytes() > 0
                             && !(m_trace.formatName == "alens" && m_trace.source->isPadded());
        if (auto done = hasText ? writeWithText() : Result<void>(); !done) return done;
        // A damaged trace may have text of fewer lines than it says, or of more.
        if (auto done = writeWithoutText(); !done) return done;
        return hasRest() ? flush(true) : Result<void>();
    }

private:
    static constexpr std::uint64_t kPiece = std::uint64_t{1} << 20;

    [[nodiscard]] Result<void> writeWithText() {
        const SourceText& source = *m_trace.source;
        std::vector<char> piece;
        for (std::uint64_t offset = 0; offset < source.bytes(); offset += piece.size()) {
            if (m_task.isCancelled()) return TaskContext::cancelled();
            piece.resize(static_cast<std::size_t>(std::min(kPiece, source.bytes() - offset)));
            if (auto read = source.readBytes(offset, piece.data(), piece.size()); !read) return read;
            if (auto taken = takePiece({piece.data(), piece.size()}); !taken) return taken;
            m_task.report("converting", static_cast<double>(offset) / static_cast<double>(source.bytes()));
        }
        if (m_isInLine) ++m_block.lines;
        return m_block.lines > 0 ? flush(false) : Result<void>();
    }

    [[nodiscard]] Result<void> takePiece(std::string_view piece) {
        const bool isPadded = m_trace.source->isPadded();
        while (!piece.empty() && (m_isInLine || m_line + m_block.lines < m_trace.source->lines())) {
            const std::size_t newline = piece.find('\n');
            m_isInLine = newline == std::string_view::npos;
            const std::size_t length = m_isInLine ? piece.size() : newline + 1;
            m_block.text += piece.substr(0, length);
            piece.remove_prefix(length);
            if (m_isInLine) {
                if (m_block.text.size() < m_limits.heldLineBytes) continue;
                if (auto added = m_writer.addText(m_block.text); !added) return added;
                m_block.text.clear();
                continue;
            }
            if (isPadded) cutPadding();
            ++m_block.lines;
            takeEvents(m_line + m_block.lines);
            if (!isFull() && m_block.text.size() < m_limits.textBytes) continue;
            if (auto done = flush(false); !done) return done;
        }
        return {};
    }

    void cutPadding() {
        std::string& text = m_block.text;
        text.pop_back();
        text.erase(text.find_last_not_of(' ') + 1);
        text += '\n';
    }

    [[nodiscard]] Result<void> writeWithoutText() {
        const std::uint32_t lines = m_trace.source->lines();
        while (m_line < lines) {
            if (m_task.isCancelled()) return TaskContext::cancelled();
            while (!isFull() && m_line + m_block.lines < lines) takeEvents(m_line + ++m_block.lines);
            if (auto done = flush(false); !done) return done;
            m_task.report("converting", static_cast<double>(m_line) / lines);
        }
        return {};
    }

    [[nodiscard]] bool isFull() const {
        return m_block.lines >= m_limits.lines || m_block.attributeTables.bytes() >= m_limits.attributeBytes;
    }

    // Writes the stretch that ends here; the last one takes what belongs to no line.
    [[nodiscard]] Result<void> flush(bool isLast) {
        const std::uint32_t end = m_line + m_block.lines;
        takeEvents(end);
        const PrintedFacts& facts = m_trace.facts;
        for (; m_fact < facts.size() && facts[m_fact].line <= end; ++m_fact) {
            m_block.facts.push_back(facts[m_fact]);
            m_block.facts.back().line -= m_line;
        }
        const auto& diagnostics = m_trace.diagnostics.kept();
        for (; m_diagnostic < diagnostics.size() && diagnostics[m_diagnostic].line <= end; ++m_diagnostic) {
            Diagnostic diagnostic = diagnostics[m_diagnostic];
            if (diagnostic.line != 0) diagnostic.line -= m_line;
            m_block.diagnostics.add(std::move(diagnostic));
        }
        countLines();
        if (end == m_trace.source->lines() || isLast) takeRest();
        if (auto done = m_writer.write(m_block); !done) return done;
        m_line = end;
        m_block.clear();
        m_translated.forget();
        return {};
    }

    void takeEvents(std::uint32_t end) {
        const EventTable& events = m_trace.events;
        const bool hasAttributes = events.attributes.hasAny();
        for (; m_event < events.count() && events.line[m_event] <= end; ++m_event) {
            const AddressId address = events.address[m_event];
            const ProcessId process = events.process[m_event];
            const ProcessId sender = events.senderOf(EventId(m_event));
            numberProcesses(process);
            numberProcesses(sender);
            TracePart::Event event;
            event.kind = events.kind[m_event];
            event.memory = events.memory[m_event];
            event.hasKey = address.isValid();
            if (event.hasKey) event.key = m_trace.key(address);
            event.pid = m_trace.pid(process);
            event.size = events.size[m_event];
            event.refCount = events.refCount[m_event];
            event.line = events.line[m_event] - m_line;
            event.time = events.timeOf(EventId(m_event));
            event.sender = m_trace.pid(sender);
            if (hasAttributes) event.attributes = m_translated(events.attributes.of(m_event));
            m_block.events.push_back(event);
        }
    }

    // Processes get their numbers in the trace's order, which need not be that of its events.
    void numberProcesses(ProcessId upTo) {
        if (!upTo.isValid()) return;
        for (; m_process <= upTo.index(); ++m_process) m_block.processes.push_back(m_trace.processes[m_process]);
    }

    // A trace has the sums alone. Stretches get what their rows tell, the last one the rest, so that the sums are right
    // again.
    void countLines() {
        std::uint64_t ofEvents = 0;
        std::uint32_t line = 0;
        for (const TracePart::Event& event : m_block.events) {
            const bool isOfFact = event.kind == EventKind::Sweep || event.kind == EventKind::Restart;
            if (!isOfFact && event.line != line) ++ofEvents;
            if (!isOfFact) line = event.line;
        }
        const auto take = [](std::uint64_t& left, std::uint64_t wanted) {
            const std::uint64_t taken = std::min(left, wanted);
            left -= taken;
            return taken;
        };
        LineCounts& counts = m_block.lineCounts;
        std::uint64_t lines = m_block.lines;
        counts.events = take(m_left.events, std::min(lines, ofEvents));
        lines -= counts.events;
        counts.facts = take(m_left.facts, std::min<std::uint64_t>(lines, m_block.facts.size()));
        lines -= counts.facts;
        counts.foreign = take(m_left.foreign, lines);
        counts.damaged = take(m_left.damaged, lines - counts.foreign);
    }

    void takeRest() {
        LineCounts& counts = m_block.lineCounts;
        counts.events += m_left.events;
        counts.facts += m_left.facts;
        counts.foreign += m_left.foreign;
        counts.damaged += m_left.damaged;
        m_left = {};
        if (!m_trace.processes.empty()) numberProcesses(ProcessId(m_trace.processes.size() - 1));
        if (m_hasRest) addUnkept();
        m_hasRest = false;
    }

    void addUnkept() {
        const Diagnostics& all = m_trace.diagnostics;
        for (int i = 0; i < kDiagnosticCodeCount; ++i) {
            const auto code = static_cast<DiagnosticCode>(i);
            const auto kept = static_cast<std::uint64_t>(
                std::count_if(all.kept().begin(), all.kept().end(),
                              [code](const Diagnostic& diagnostic) { return diagnostic.code == code; }));
            m_block.diagnostics.addUnkept(code, all.count(code) - kept);
        }
    }

    [[nodiscard]] bool hasRest() const {
        const bool isCounted = m_left.events + m_left.facts + m_left.foreign + m_left.damaged == 0;
        return m_fact < m_trace.facts.size() || m_diagnostic < m_trace.diagnostics.kept().size() || !isCounted;
    }

    const Trace& m_trace;
    Writer& m_writer;
    StretchLimits m_limits;
    const TaskContext& m_task;
    Block m_block;
    AttributeTranslator m_translated;  ///< from the trace to the block
    std::uint32_t m_line = 0;          ///< lines that have been written
    bool m_isInLine = false;
    std::size_t m_event = 0;
    std::size_t m_fact = 0;
    std::size_t m_diagnostic = 0;
    std::size_t m_process = 0;
    LineCounts m_left;
    bool m_hasRest = true;  ///< what the last stretch takes is still to come
};

}  // namespace

Description descriptionOf(const Trace& trace) {
    const bool isConverted = !trace.origin.format.empty();
    Description description;
    description.format = isConverted ? trace.origin.format : trace.formatName;
    description.path = isConverted ? trace.origin.path : trace.source->path();
    description.rules = trace.rules;
    description.addressForm = trace.addressForm;
    description.json = trace.origin.details;
    description.mayHaveAttributes = trace.events.attributes.hasAny();
    return description;
}

Result<void> writeTrace(const Trace& trace, Writer& writer, const StretchLimits& limits, const TaskContext& task) {
    return TraceWriter(trace, writer, limits, task).run();
}

}  // namespace alloclens::native
