// SPDX-License-Identifier: GPL-3.0-or-later
#include "tearing.h"

#include <array>
#include <deque>
#include <vector>

#include "foreign_lines.h"
#include "random.h"

namespace alloclens::generator {

namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isHexDigit(char c) { return isDigit(c) || (c >= 'a' && c <= 'f'); }

// The pieces that a stream writes one by one: words, numbers and the newline. The "0x" before a number is a word.
std::deque<std::string> piecesOf(std::string_view line) {
    std::deque<std::string> pieces;
    std::string words;
    const auto finish = [&] {
        if (!words.empty()) pieces.push_back(words);
        words.clear();
    };
    for (std::size_t at = 0; at < line.size();) {
        const bool isBehindLetter = at > 0 && (line[at - 1] == 'L' || line[at - 1] == '_');  // L1, L1_SMALL
        const bool isHex = words.ends_with("0x");
        if (line.substr(at).starts_with("0x")) {
            words += "0x";
            at += 2;
            continue;
        }
        std::size_t end = at;
        while (end < line.size() && (isHex ? isHexDigit(line[end]) : isDigit(line[end]))) ++end;
        if (end > at && !isBehindLetter) {
            finish();
            pieces.emplace_back(line.substr(at, end - at));
            at = end;
            continue;
        }
        words += line[at++];
        if (words.ends_with(" bytes of ") || line.substr(at).starts_with(" on device ")) finish();
    }
    finish();
    pieces.emplace_back("\n");
    return pieces;
}

std::deque<std::string> cutAnywhere(std::string_view line, Random& random) {
    const std::string whole = std::string(line) + "\n";
    const auto cut = static_cast<std::size_t>(random.below(whole.size()));
    if (cut == 0) return {whole};
    return {whole.substr(0, cut), whole.substr(cut)};
}

// Another program that writes to the file, one line at a time.
class Writer {
public:
    enum class Kind { Stream, Logger, TestRunner, Complaint };
    explicit Writer(Kind kind) : m_kind(kind) {}

    [[nodiscard]] bool isWriting() const { return !m_pieces.empty(); }

    void begin(Random& random, int devices) {
        const std::string number = std::to_string(random.between(1, 120));
        switch (m_kind) {
        case Kind::Stream: m_pieces = piecesOf(foreignLine(random, devices)); break;
        case Kind::Logger: m_pieces = {foreignLine(random, devices) + "\n"}; break;
        case Kind::TestRunner:
            m_pieces = {"tests/mesh/test_mlp.py::test_forward[batch-" + number + "] ", "PASSED [ " + number + "%]\n"};
            break;
        case Kind::Complaint: m_pieces = {"Unknown message type: ", std::to_string(random.below(256)), "\n"}; break;
        }
    }

    void goOn(std::string& out) {
        out += m_pieces.front();
        m_pieces.pop_front();
    }

private:
    Kind m_kind;
    std::deque<std::string> m_pieces;
};

}  // namespace

std::string tear(std::string_view log, const Tearing& tearing) {
    Random random(tearing.seed);
    std::array writers{Writer(Writer::Kind::Stream), Writer(Writer::Kind::Logger), Writer(Writer::Kind::TestRunner),
                       Writer(Writer::Kind::Complaint)};
    std::string out;
    out.reserve(log.size() + log.size() / 4);
    const auto others = [&] {
        for (Writer& writer : writers) {
            if (!writer.isWriting() && random.chance(tearing.share / writers.size()))
                writer.begin(random, tearing.devices);
            while (writer.isWriting() && random.chance(tearing.pace)) writer.goOn(out);
        }
    };
    while (!log.empty()) {
        const std::size_t end = std::min(log.find('\n'), log.size());
        const std::string_view line = log.substr(0, end);
        for (const std::string& piece : tearing.piecesAtAnyByte ? cutAnywhere(line, random) : piecesOf(line)) {
            others();
            out += piece;
        }
        log.remove_prefix(std::min(end + 1, log.size()));
    }
    for (Writer& writer : writers) {
        while (writer.isWriting()) writer.goOn(out);
    }
    return out;
}

}  // namespace alloclens::generator
