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
    {"torn-line", "Parts of an event line without the rest: another writer of the same file tore it."},
    {"joined-events", "Several events on one line: a line end was lost. Each of them was read."},
    {"unfinished-line", "The last line has no end: the log was cut or is still being written."},
    {"nul-bytes", "A run of NUL bytes, as it is left when a log is truncated while its server runs."},
    {"overlong-line", "A very long line; it was read in pieces."},
    {"invalid-utf8", "Bytes that are no UTF-8; shown with replacement characters."},
    {"number-out-of-range", "A number too large for its field; the line was not read."},
    {"unknown-memory", "A memory that no known server names; the event was read without it."},
    {"no-address", "An allocation without a buffer id cannot be followed; the line was not read."},
    {"missing-device", "An event without a device was placed on the device where its address was last allocated."},
    {"compressed-tail", "The compressed file ends early; everything before its end was read."},
    {"skipped-bytes", "Bytes that belong to no message were skipped; every message around them was read."},
    {"truncated-record", "The capture ends within a message, which was not read."},
    {"invalid-message", "An allocation with a device, size or buffer type that servers refuse; it was not counted."},
    {"buffer-types", "Buffer types look numbered otherwise than they were read: see --buffer-types."},
    {"damaged-block", "A block of a trace that cannot be read, as its checksum tells; all other blocks were read."},
    {"unfinished-trace", "A trace without its end: its recorder was killed, could not go on, or is still at work."},
    {"recording-gap", "Messages that the recorder could not record or write."},
    {"part-of-run", "A later part of a recording, opened without the parts before it."},
    {"missing-part", "A part of a recording is missing; the parts behind it were left out."},
    {"reassembled", "An event whose parts other writers' text had separated; only one reading of them fits."},
    {"several-servers",
     "Lines of several servers in one log, whose buffers must not be mixed. Read one at a time: --stream TAG."},
    {"repeats-cut", "A line says that it was repeated more often than can be counted; only a part was counted."},
    {"torn-unsearched", "Torn lines are so many that the search for their events was stopped; the rest stays torn."},
    {"missing-lines", "Whoever collected the log says that it left out lines. Events may be among them."},
    {"misread-messages",
     "The server rejected a message that it could not read: clients and server are of different versions."},
    {"newest-first", "The lines run backwards in time. Turn the log round: tac FILE > LOG."},
    {"parts-out-of-order", "Parts of the log are in the wrong order. Put the oldest part first."},
    {"repeated-stretch", "A stretch of the log is in it twice. Remove one of the two."},
    {"odd-time", "A time that cannot be right, by those of the other events; its event stands where they do."},
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
