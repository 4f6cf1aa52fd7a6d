// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/diagnostics.h"

#include <algorithm>
#include <numeric>

namespace alloclens {
namespace {

struct CodeText {
    std::string_view name;
    std::string_view explanation;
};

constexpr std::array<CodeText, kDiagnosticCodeCount> kCodes = {{
    {"torn-line", "Only parts of an event line: another writer of the same file tore it."},
    {"joined-events", "Several events on one line: a line end was lost. AllocLens read each of them."},
    {"unfinished-line", "The last line has no end: the log was cut or is still being written."},
    {"nul-bytes", "A run of NUL bytes. Truncating a log while its server runs leaves them."},
    {"overlong-line", "A very long line; it was read in pieces."},
    {"invalid-utf8", "Bytes that are not UTF-8. AllocLens shows replacement characters."},
    {"number-out-of-range", "A number too large for its field; the line was not read."},
    {"unknown-memory", "A memory that no known server names; the event was read without it."},
    {"no-address", "An allocation without a buffer id cannot be followed; the line was not read."},
    {"missing-device",
     "An event without a device. AllocLens placed it on the device where its address was last allocated."},
    {"compressed-tail", "The compressed file ends early. AllocLens read everything before its end."},
    {"skipped-bytes",
     "Bytes that do not belong to a message. AllocLens skipped them and read every message around them."},
    {"truncated-record", "The capture ends within a message, which was not read."},
    {"invalid-message", "An allocation with a device, size or buffer type that servers refuse; it was not counted."},
    {"buffer-types",
     "The buffer types seem to have another numbering than the one they were read with. On the command line, set it "
     "with --buffer-types."},
    {"damaged-block", "A damaged block of a trace. AllocLens read all other blocks."},
    {"unfinished-trace", "A trace without its end: its recorder was killed, could not continue, or is still running."},
    {"recording-gap", "Messages that the recorder could not record or write."},
    {"part-of-run", "A later part of a recording, opened without the parts before it."},
    {"missing-part", "A part of a recording is missing; the parts after it were left out."},
    {"reassembled", "An event that the text of other writers had split. Exactly one reading of its parts fits."},
    {"several-servers",
     "The log mixes the lines of several servers. On the command line, read one server at a time with --stream TAG."},
    {"repeats-cut", "A line says that it was repeated more often than AllocLens can count. It counted only a part."},
    {"torn-unsearched",
     "There are too many torn lines: AllocLens stopped the search for their events. The rest stays torn."},
    {"missing-lines", "The program that collected the log says that it left out lines. Events may be among them."},
    {"misread-messages",
     "The server rejected a message that it could not read: clients and server have different versions."},
    {"newest-first", "The lines run backwards in time. Reverse the log: tac FILE > LOG."},
    {"parts-out-of-order", "Parts of the log are in the wrong order. Put the oldest part first."},
    {"repeated-stretch", "A section of the log is in it twice. Remove one of the two."},
    {"odd-time", "A time that does not agree with those of the other events. AllocLens ignores it."},
}};

}  // namespace

std::string_view diagnosticName(DiagnosticCode code) { return kCodes[static_cast<std::size_t>(code)].name; }
std::string_view diagnosticExplanation(DiagnosticCode code) {
    return kCodes[static_cast<std::size_t>(code)].explanation;
}

std::optional<DiagnosticCode> diagnosticFromName(std::string_view name) {
    const auto at = std::find_if(kCodes.begin(), kCodes.end(),
                                 [name](const CodeText& code) { return code.name == name; });
    if (at == kCodes.end()) return std::nullopt;
    return static_cast<DiagnosticCode>(at - kCodes.begin());
}

void Diagnostics::add(Diagnostic diagnostic) {
    const auto code = static_cast<std::size_t>(diagnostic.code);
    ++m_counts[code];
    if (m_keptCounts[code] < kKeptPerCode) {
        ++m_keptCounts[code];
        m_kept.push_back(std::move(diagnostic));
    }
}

void Diagnostics::append(Diagnostics&& part, std::uint32_t lineOffset) {
    auto unkept = part.m_counts;
    for (Diagnostic& diagnostic : part.m_kept) {
        --unkept[static_cast<std::size_t>(diagnostic.code)];
        if (diagnostic.line != 0) diagnostic.line += lineOffset;
        add(std::move(diagnostic));
    }
    for (std::size_t code = 0; code < unkept.size(); ++code) m_counts[code] += unkept[code];
}

void Diagnostics::sortByLine() {
    std::stable_sort(m_kept.begin(), m_kept.end(),
                     [](const Diagnostic& a, const Diagnostic& b) { return a.line < b.line; });
}

std::uint64_t Diagnostics::total() const { return std::accumulate(m_counts.begin(), m_counts.end(), std::uint64_t{0}); }

}  // namespace alloclens
