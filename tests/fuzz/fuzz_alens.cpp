// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any bytes as a native trace: read, its lines shown, analysed, reported, written again and read again as the same. No
// fuzzer guesses a checksum, so the mutator takes a trace apart into its blocks, changes them, their headers or their
// order, and puts it together with right ones; now and then it changes the bytes as they are.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/analysis/analysis.h"
#include "core/report/report.h"
#include "core/trace/attribute_text.h"
#include "importers/importer.h"
#include "importers/native/trace_writer.h"
#include "tests/fuzz/memory_file.h"
#include "tests/unit/support/describe.h"
#include "tests/unit/support/native_file.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t maxSize);

namespace alloclens {
namespace {

using fuzz::check;
using native::BlockType;
using test::NativeBlock;
using test::NativeFile;

// A column of one value is twenty bytes whatever its rows, and what takes long to report finds no mistakes.
constexpr std::uint64_t kMemory = std::uint64_t{1} << 20;

std::vector<std::string> linesOf(const Trace& trace, std::uint32_t first) {
    constexpr std::uint32_t kLines = 500;
    const auto lines = trace.source->linesText(first, kLines);
    check(lines.has_value(), "lines can be shown");
    check(lines->size() == std::min(kLines, trace.source->lines() - (first - 1)), "there are as many as are said");
    return *lines;
}

void checkTrace(const Trace& trace) {
    const EventTable& events = trace.events;
    const std::uint32_t lines = trace.source->lines();
    check(std::is_sorted(events.line.begin(), events.line.end()), "events come in the order of lines");
    for (std::size_t i = 0; i < events.count(); ++i) {
        check(events.line[i] >= 1 && events.line[i] <= lines, "lines of events exist");
        check(!events.address[i].isValid() || events.address[i].index() < trace.addresses.size(), "addresses exist");
        for (const ProcessId process : {events.process[i], events.senderOf(EventId(i))}) {
            check(!process.isValid() || process.index() < trace.processes.size(), "processes exist");
        }
    }
    for (std::size_t i = 0; i < events.count(); ++i) {
        for (std::size_t k = 0; k < kAttributeCount; ++k) {
            const bool isGiven = events.attributes.of(attributeAt(k), i) != 0;
            const auto texts = attributeLines(trace, attributeAt(k), EventId(i));
            check(isGiven == !texts.empty(), "values of attributes exist");
            check(texts.size() <= StackTable::kMostFrames, "stacks have an end");
        }
    }
    for (const PrintedFact& fact : trace.facts) check(fact.line <= lines, "lines of facts exist");
    for (const Diagnostic& diagnostic : trace.diagnostics.kept())
        check(diagnostic.line <= lines, "lines of diagnostics exist");
    if (lines == 0) return;
    const auto firstLines = linesOf(trace, 1);
    check(firstLines.back() == *trace.source->lineText(static_cast<std::uint32_t>(firstLines.size())), "a line is one");
    (void)linesOf(trace, lines / 2 + 1);
    (void)linesOf(trace, lines);
}

void checkReports(const std::shared_ptr<const Trace>& trace) {
    const auto analysis = analyse(trace, {});
    check(analysis.has_value(), "what was read can be analysed");
    fuzz::NullBuffer nowhere;
    std::ostream out(&nowhere);
    ReportInput input;
    input.analysis = analysis->get();
    for (const Report& report : reports()) check(report.write(input, out).has_value(), "a report can be written");
}

ReadOptions smallOptions() {
    ReadOptions options;
    options.threads = 1;
    options.memory = kMemory;
    return options;
}

std::string textOf(const Trace& trace) {
    std::string text(static_cast<std::size_t>(trace.source->bytes()), '\0');
    check(trace.source->readBytes(0, text.data(), text.size()).has_value(), "text can be read");
    return text;
}

// Text is not looked at when a trace is opened: its blocks may say other numbers of lines than it has.
bool hasAsManyLinesAsItSays(const Trace& trace, const std::string& text) {
    const auto ends = std::count(text.begin(), text.end(), '\n');
    const bool endsInLine = !text.empty() && text.back() != '\n';
    return static_cast<std::uint64_t>(ends) + (endsInLine ? 1 : 0) == trace.source->lines();
}

// As they are shown: without the end of the line, and the first part of long ones.
void checkLinesAreTheText(const Trace& trace, std::string_view text) {
    for (const std::string& line : linesOf(trace, 1)) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view inText = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (inText.size() > SourceText::kShownLineBytes) {
            inText = inText.substr(0, SourceText::kShownLineBytes);
            check(line.substr(0, inText.size()) == inText, "the long lines of a copy are its text");
            continue;
        }
        if (!inText.empty() && inText.back() == '\r') inText.remove_suffix(1);
        if (trace.source->isPadded()) inText = inText.substr(0, inText.find_last_not_of(' ') + 1);
        check(line == inText, "the lines of a copy are its text");
    }
}

// What is read of a damaged trace is a trace, and its copy has nothing that is damaged.
void checkCopy(const Trace& trace) {
    constexpr std::uint64_t kMostText = std::uint64_t{1} << 20;
    if (trace.source->bytes() > kMostText) return;
    const fuzz::MemoryFile file({});
    auto writer = native::Writer::create(file.path(), native::descriptionOf(trace), false, 1);
    check(!writer, "an existing file is not replaced unasked");
    FileHandle handle(::dup(file.descriptor()));
    writer = native::Writer::create(std::move(handle), "copy", native::descriptionOf(trace), 1);
    check(writer.has_value(), "a copy can be begun");
    check(native::writeTrace(trace, *writer, {7, 400, 90}, {}).has_value(), "a copy can be written");
    check(writer->finish().has_value(), "a copy can be finished");
    const auto copy = readTrace(file.path(), "alens", smallOptions(), {});
    check(copy.has_value(), "a copy can be read");
    check(test::eventTexts(**copy) == test::eventTexts(trace), "a copy has the same events");
    for (std::size_t i = 0; i < trace.events.count(); ++i) {
        for (std::size_t k = 0; k < kAttributeCount; ++k) {
            check(attributeText(**copy, attributeAt(k), EventId(i)) == attributeText(trace, attributeAt(k), EventId(i)),
                  "a copy has the same attributes");
        }
    }
    check((*copy)->facts.size() == trace.facts.size(), "a copy has the same facts");
    check((*copy)->diagnostics.total() == trace.diagnostics.total(), "a copy has the same diagnostics");
    check((*copy)->source->lines() == trace.source->lines(), "a copy has as many lines");
    if (trace.source->lines() == 0) return;
    // A line that was lost is one without an event in the copy of a trace that has no text.
    if (trace.source->isPadded() && trace.diagnostics.count(DiagnosticCode::DamagedBlock) > 0) return;
    const std::string text = textOf(trace);
    if (!hasAsManyLinesAsItSays(trace, text)) return;
    check(textOf(**copy) == text, "a copy has the same text");
    checkLinesAreTheText(**copy, text);
}

void run(std::string_view bytes) {
    const fuzz::MemoryFile file(bytes);
    const auto trace = readTrace(file.path(), "alens", smallOptions(), {});
    if (!trace) return;
    checkTrace(**trace);
    checkReports(*trace);
    checkCopy(**trace);
}

/// Changes a trace block by block.
class Mutator {
public:
    Mutator(NativeFile file, unsigned seed) : m_file(std::move(file)), m_random(seed) {}

    [[nodiscard]] std::string run(std::size_t room) {
        for (std::uint64_t left = 1 + below(3); left > 0; --left) change(room);
        return test::putTogether(m_file, below(4) != 0);
    }

private:
    void change(std::size_t room) {
        if (m_file.blocks.empty()) return;
        const auto at = m_file.blocks.begin() + static_cast<std::ptrdiff_t>(below(m_file.blocks.size()));
        switch (below(12)) {
        case 0: m_file.blocks.erase(at); break;
        case 1: m_file.blocks.insert(at, NativeBlock(*at)); break;
        case 2: std::swap(*at, m_file.blocks[below(m_file.blocks.size())]); break;
        case 3: m_file.header.minor = static_cast<std::uint16_t>(below(3)); break;
        case 4:
        case 5: changeHeader(at->header); break;
        case 6: changeColumn(at->payload); break;
        default: changeBytes(at->payload, room); break;
        }
    }

    static void changeBytes(std::string& payload, std::size_t room) {
        const std::size_t size = payload.size();
        payload.resize(std::min(room, size + 64));
        const std::size_t kept = std::min(size, payload.size());
        payload.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(payload.data()), kept, payload.size()));
    }

    void changeHeader(native::BlockHeader& header) {
        switch (below(5)) {
        case 0: header.type = static_cast<std::uint8_t>(below(7)); break;
        case 1: header.events = small(header.events); break;
        case 2: header.lines = small(header.lines); break;
        case 3: header.line = small(header.line); break;
        default: header.first = number(); break;
        }
    }

    // The header of a column, found by its number.
    void changeColumn(std::string& payload) {
        constexpr std::size_t kColumnHeader = 20;
        for (std::size_t at = 0; at + kColumnHeader <= payload.size();) {
            std::uint32_t bytes = 0;
            std::memcpy(&bytes, payload.data() + at + 8, sizeof bytes);
            if (below(6) == 0) {
                switch (below(5)) {
                case 0: payload[at] = static_cast<char>(below(140)); break;
                case 1: payload[at + 2] = static_cast<char>(below(5)); break;
                case 2: payload[at + 3] = static_cast<char>(below(10)); break;
                case 3: put(payload, at + 4, small(0)); break;
                default: put(payload, at + 12, number()); break;
                }
                return;
            }
            at += kColumnHeader + bytes;
        }
    }

    template <typename Number>
    static void put(std::string& payload, std::size_t at, Number value) {
        std::memcpy(payload.data() + at, &value, sizeof value);
    }

    [[nodiscard]] std::uint64_t below(std::uint64_t limit) { return m_random() % limit; }
    [[nodiscard]] std::uint32_t small(std::uint32_t old) {
        const std::array<std::uint32_t, 6> numbers = {
            old + 1, old - 1, 0, static_cast<std::uint32_t>(below(300)), 0xffff'fffe, native::kMostEvents};
        return numbers[below(numbers.size())];
    }
    [[nodiscard]] std::uint64_t number() { return m_random() >> below(64); }

    NativeFile m_file;
    std::mt19937_64 m_random;
};

}  // namespace
}  // namespace alloclens

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    alloclens::run({reinterpret_cast<const char*>(data), size});
    return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t maxSize,
                                               unsigned seed) {
    constexpr unsigned kRawOneIn = 8;
    auto file = alloclens::test::takeApart({reinterpret_cast<const char*>(data), size});
    if (file.blocks.empty() || seed % kRawOneIn == 0) return LLVMFuzzerMutate(data, size, maxSize);
    const std::string bytes = alloclens::Mutator(std::move(file), seed / kRawOneIn).run(maxSize);
    if (bytes.size() > maxSize) return LLVMFuzzerMutate(data, size, maxSize);
    std::memcpy(data, bytes.data(), bytes.size());
    return bytes.size();
}
