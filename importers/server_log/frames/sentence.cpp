// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/frames/sentence.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace alloclens::server_log {
namespace {

// %d: a whole number; %r: any number; %x: hexadecimal digits; %i: a buffer id; %m: the name of a memory; %w: a word.
constexpr std::string_view kSentences[] = {
    "[PID %d] Allocated %d bytes of %w on device %d (buffer_id=%i)",
    "[PID %d] Allocated %d bytes of %w on device %d (buffer_id=%i, ref_count=%d)",
    "[PID %d] Freed buffer %i on device %d (%d bytes, FINAL)",
    "[PID %d] Freed buffer %i on device %d (%d bytes, ref_count=%d remaining)",
    "[PID %d] Freed buffer %i on device %d (%d bytes)",
    "[PID %d] Freed buffer %i (%d bytes)",
    "[PID %d] Deallocation for unknown buffer %i on device %d (allocated before tracking started)",
    "[PID %d] Deallocation for unknown buffer %i on device %d (never tracked or allocated before server started)",
    "[PID %d] Deallocation for ALREADY FREED buffer %i on device %d (allocs=%d frees=%d)",
    "[PID %d] Buffer reused with DIFFERENT size: old=%d new=%d (buffer_id=%d, device=%d)",
    "[PID %d] Invalid buffer_type %d for buffer %d on device %d",
    "[CB_ALLOC] Device %d: %r MB (Total: %r MB)",
    "[CB_FREE] Device %d: %r MB (Total: %r MB)",
    "[KERNEL_LOAD] %w kernel on Device %d: %r MB (Total: %r MB)",
    "[KERNEL_UNLOAD] %w kernel on Device %d: %r MB (Total: %r MB)",
    "[KERNEL_LOAD] Device %d: %r MB (Total: %r MB)",
    "[KERNEL_UNLOAD] Device %d: %r MB (Total: %r MB)",
    "Warning: Deallocation for unknown buffer %i",
    "Invalid buffer_type %d for buffer %d on device %d",
    "Invalid device_id %d - ignoring message",
    "Invalid size %d - ignoring message",
    "Unknown message type: %d",
    "Too many consecutive errors (%d) - closing connection (likely protocol mismatch)",
    "Allocation Server started",
    "Allocation Server stopped",
    "Enhanced Allocation Server started (with history tracking)",
    "Listening on: /tmp/",
    "Press Ctrl+C to stop",
    "Background cleanup thread started (checking every %ds)",
    "Background cleanup thread stopped",
    "Current Statistics:",
    "Device %d:",
    "Buffers: %d",
    "DRAM: %d bytes (%r KB)",
    "L1: %d bytes (%r KB)",
    "DRAM: %r KB",
    "L1: %r KB",
    "Total: %r KB",
    "Total: %d bytes",
    "Active allocations: %d",
    "Detected dead processes, cleaning up orphaned buffers...",
    "PID %d is dead, removing its buffers...",
    "Removed %d buffers (%r MB) from PID %d",
    "Removed %d CBs (%r MB) from PID %d",
    "Removed %d kernels (%r MB) from PID %d",
    "Received DUMP_REMAINING request...",
    "REMAINING ALLOCATED BUFFERS",
    "Total tracked allocations: %d",
    "No buffers remaining - perfect cleanup!",
    "%m: %d buffers, %r MB total",
    "- Buffer 0x%x: %r KB (PID %d, ref_count=%d)",
    "Total remaining buffers: %d",
    "DUMP_REMAINING complete.",
    "However, found %d buffers that were DOUBLE-FREED during execution!",
    "DOUBLE-FREED BUFFERS",
    "Buffer 0x%x on device %d:",
    "Total allocs: %d, Total frees: %d",
    "Last %d events for this buffer:",
    "History (allocs=%d frees=%d):",
    "History:",
    "ALLOC size=%d pid=%d ref=%d",
    "FREE size=%d pid=%d ref=%d",
    "REUSE size=%d pid=%d ref=%d",
    "DETAILED KERNEL ALLOCATIONS",
    "Total kernel allocations: %d",
    "Device %d - Total: %r MB (%d kernels)",
    "Kernel ID: 0x%x",
    "Size:      %r KB",
    "Owner PID: %d",
    "Age:       %d seconds",
    "DUMP_KERNELS complete.",
    "Device detection (",
    "Device %d: %w (%dGB DRAM, %dMB L1)",
    "Total: %d PCIe device(s) detected",
    "Total: %d device(s) detected",
    "Topology: %d local chip(s), %d remote chip(s)",
};

constexpr std::string_view kMemories[] = {"DRAM", "L1_SMALL", "L1", "SYSTEM_MEMORY", "TRACE"};

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isHexDigit(char c) { return isDigit(c) || (c >= 'a' && c <= 'f'); }
bool isWordCharacter(char c) { return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool isRealCharacter(char c) {
    return isDigit(c) || c == '.' || c == 'e' || c == '+' || c == '-' || c == 'n' || c == 'a';
}

template <typename Is>
std::size_t runFrom(std::string_view text, std::size_t at, Is is) {
    while (at < text.size() && is(text[at])) ++at;
    return at;
}

/// Walks one template; a value may have to be extended, so none is ever cut short.
class Walk {
public:
    Walk(std::string_view text, std::size_t at) : m_text(text), m_at(at) {}

    /// True where the whole template is there.
    [[nodiscard]] bool run(std::string_view sentence) {
        for (std::size_t i = 0; i < sentence.size(); ++i) {
            const bool isTaken = sentence[i] == '%' ? value(sentence[++i]) : literal(sentence[i]);
            if (!isTaken) return false;
        }
        return true;
    }
    [[nodiscard]] std::size_t at() const { return m_at; }
    [[nodiscard]] bool isExhausted() const { return m_isExhausted; }

private:
    [[nodiscard]] bool literal(char c) {
        if (m_at == m_text.size()) m_isExhausted = true;
        if (m_at == m_text.size() || m_text[m_at] != c) return false;
        ++m_at;
        return true;
    }
    [[nodiscard]] bool value(char slot) {
        std::size_t end = m_at;
        switch (slot) {
        case 'd':
            if (end < m_text.size() && m_text[end] == '-') ++end;
            end = runFrom(m_text, end, isDigit);
            break;
        case 'r': end = runFrom(m_text, end, isRealCharacter); break;
        case 'x': end = runFrom(m_text, end, isHexDigit); break;
        case 'i':
            if (m_text.substr(m_at, 2) == "0x") {
                end = runFrom(m_text, m_at + 2, isHexDigit);
            } else {
                end = runFrom(m_text, m_at, isDigit);
            }
            break;
        case 'm': return memory();
        default: end = runFrom(m_text, end, isWordCharacter); break;
        }
        if (end == m_text.size() && (end == m_at || slot == 'i' || m_text[end - 1] == '-')) {
            // "0x", "-" and nothing are beginnings of a value.
            const std::string_view begun = m_text.substr(m_at);
            if (begun.empty() || begun == "0x" || begun == "-") {
                m_at = end;
                m_isExhausted = true;
                return false;
            }
        }
        if (end == m_at) return false;
        m_at = end;
        return true;
    }
    [[nodiscard]] bool memory() {
        const std::string_view rest = m_text.substr(m_at);
        for (const std::string_view name : kMemories) {
            if (rest.starts_with(name)) {
                m_at += name.size();
                return true;
            }
            if (!rest.empty() && name.starts_with(rest)) {
                m_at = m_text.size();
                m_isExhausted = true;
                return false;
            }
        }
        return false;
    }

    std::string_view m_text;
    std::size_t m_at;
    bool m_isExhausted = false;
};

/// For each first character the sentences that begin with it, so that few are tried.
struct ByFirstLetter {
    std::array<std::array<std::uint8_t, 20>, 128> sentences{};
    std::array<std::uint8_t, 128> counts{};

    constexpr ByFirstLetter() {
        for (std::size_t i = 0; i < std::size(kSentences); ++i) {
            if (kSentences[i].starts_with("%m")) {
                for (const char c : {'D', 'L', 'S', 'T'}) add(c, i);
            } else {
                add(kSentences[i].front(), i);
            }
        }
    }
    constexpr void add(char c, std::size_t i) {
        const auto letter = static_cast<std::size_t>(c);
        sentences[letter][counts[letter]++] = static_cast<std::uint8_t>(i);
    }
};
constexpr ByFirstLetter kByFirstLetter;

}  // namespace

std::size_t sentenceBegin(std::string_view text) {
    const auto isDecoration = [](char c) {
        return c == ' ' || c == '\t' || c == '?' || (static_cast<unsigned char>(c) & 0x80U) != 0;
    };
    return runFrom(text, 0, isDecoration);
}

namespace {

SentenceMatch match(std::string_view text, bool isOfWhole) {
    SentenceMatch match;
    match.begin = sentenceBegin(text);
    match.reached = match.begin;
    if (match.begin == text.size()) {
        match.isBeginning = true;
        return match;
    }
    const auto first = static_cast<unsigned char>(text[match.begin]);
    if (first >= kByFirstLetter.counts.size()) return match;
    const char second = match.begin + 1 < text.size() ? text[match.begin + 1] : '\0';
    for (std::size_t i = 0; i < kByFirstLetter.counts[first]; ++i) {
        const std::string_view sentence = kSentences[kByFirstLetter.sentences[first][i]];
        // Most of them differ there.
        if (second != '\0' && second != sentence[1] && sentence[0] != '%') {
            match.reached = std::max(match.reached, match.begin + 1);
            continue;
        }
        Walk walk(text, match.begin);
        if (walk.run(sentence)) {
            match.isWhole = true;
            match.end = std::max(match.end, walk.at());
            if (isOfWhole && match.end == text.size()) return match;
        } else if (walk.isExhausted()) {
            match.isBeginning = true;
        }
        match.reached = std::max(match.reached, walk.at());
    }
    return match;
}

}  // namespace

SentenceMatch matchSentence(std::string_view text) { return match(text, false); }

SentenceMatch matchWholeSentence(std::string_view text) { return match(text, true); }

}  // namespace alloclens::server_log
