// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/alloc_message/stack_text.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cxxabi.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace alloclens::alloc_message {
namespace {

using Text = std::string_view;

constexpr Text kBlanks = " \t\r";

Text trimmed(Text text) {
    const std::size_t begin = text.find_first_not_of(kBlanks);
    if (begin == Text::npos) return {};
    return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }

template <typename Number>
std::optional<Number> numberIn(Text text, int base) {
    Number number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<std::uint64_t> hexadecimalIn(Text text) {
    return text.starts_with("0x") ? numberIn<std::uint64_t>(text.substr(2), 16) : std::nullopt;
}

/// A name of C++ as people write it. A name that refers to its own parts again and again can stand for one of any
/// length; such names stay as they are.
std::string readable(Text name) {
    constexpr std::size_t kMostBytes = 320;
    constexpr std::ptrdiff_t kMostReferences = 12;
    const auto isReference = [](char c) { return c == 'S' || c == 'T'; };
    std::string mangled(name);
    if (!name.starts_with("_Z") || name.size() > kMostBytes
        || std::count_if(name.begin(), name.end(), isReference) > kMostReferences) {
        return mangled;
    }
    const auto release = [](char* text) { std::free(text); };
    int status = 0;
    const std::unique_ptr<char, decltype(release)> text(abi::__cxa_demangle(mangled.c_str(), nullptr, nullptr, &status),
                                                        release);
    return status == 0 && text != nullptr ? std::string(text.get()) : mangled;
}

/// What was found in a line, before it has numbers.
struct Call {
    Text function;
    Text file;
    Text module;
    std::uint32_t line = 0;
    std::uint64_t offset = Frame::kNoOffset;
};

/// "function+0x12": the offset is none where there is no such end.
void setFunction(Text text, Call& call) {
    const std::size_t plus = text.rfind('+');
    const auto offset = plus == Text::npos ? std::nullopt : hexadecimalIn(text.substr(plus + 1));
    if (offset) call.offset = *offset;
    call.function = trimmed(offset ? text.substr(0, plus) : text);
}

/// "file:line"; false where no number ends it.
bool setPlace(Text text, Call& call) {
    const std::size_t colon = text.rfind(':');
    if (colon == Text::npos || colon == 0) return false;
    const auto line = numberIn<std::uint32_t>(text.substr(colon + 1), 10);
    if (!line) return false;
    call.file = text.substr(0, colon);
    call.line = *line;
    return true;
}

// backtrace_symbols: "module(function+0x12) [0x7f..]", "module(+0x1234) [0x7f..]". The address differs from run to run,
// so that calls that are alike would not be; it is left out.
std::optional<Call> glibcCall(Text line) {
    const std::size_t bracket = line.rfind(" [0x");
    if (bracket != Text::npos && line.ends_with(']')) line = trimmed(line.substr(0, bracket));
    const std::size_t slash = line.find('(') == Text::npos ? Text::npos : line.rfind('/', line.find("+0x"));
    const std::size_t open = line.find('(', slash == Text::npos || slash > line.size() ? 0 : slash);
    if (open == Text::npos || open == 0 || !line.ends_with(')')) return std::nullopt;
    Call call;
    call.module = trimmed(line.substr(0, open));
    setFunction(line.substr(open + 1, line.size() - open - 2), call);
    if (call.offset == Frame::kNoOffset || call.module.empty()) return std::nullopt;
    return call;
}

// "module : function+0x12)", as the tracker's client library writes it into its own log.
std::optional<Call> clientCall(Text line) {
    const std::size_t colon = line.find(" : ");
    if (colon == Text::npos) return std::nullopt;
    Call call;
    call.module = trimmed(line.substr(0, colon));
    Text function = trimmed(line.substr(colon + 3));
    if (function.ends_with(')') && function.rfind('(') == Text::npos) function.remove_suffix(1);
    setFunction(function, call);
    if (call.offset == Frame::kNoOffset || call.module.empty()) return std::nullopt;
    return call;
}

// Python: File "model.py", line 31, in forward
std::optional<Call> pythonCall(Text line) {
    constexpr Text kBegin = "File \"";
    constexpr Text kLine = "\", line ";
    constexpr Text kIn = ", in ";
    if (!line.starts_with(kBegin)) return std::nullopt;
    const std::size_t at = line.rfind(kLine);
    if (at == Text::npos || at < kBegin.size()) return std::nullopt;
    Call call;
    call.file = line.substr(kBegin.size(), at - kBegin.size());
    Text rest = line.substr(at + kLine.size());
    const std::size_t in = rest.find(kIn);
    if (in != Text::npos) call.function = trimmed(rest.substr(in + kIn.size()));
    rest = rest.substr(0, in);
    const auto number = numberIn<std::uint32_t>(rest, 10);
    if (!number || call.file.empty()) return std::nullopt;
    call.line = *number;
    return call;
}

/// Cuts "#1 " or "1# " off; false where there is neither.
bool cutNumber(Text& line) {
    const std::size_t first = line.starts_with('#') ? 1 : 0;
    std::size_t end = first;
    while (end < line.size() && isDigit(line[end])) ++end;
    if (end == first) return false;
    if (first == 0) {
        if (end == line.size() || line[end] != '#') return false;
        ++end;
    }
    if (end < line.size() && kBlanks.find(line[end]) == Text::npos) return false;
    line = trimmed(line.substr(end));
    return true;
}

// gdb, sanitizers, boost, abseil: "#1 0x7f.. in function (args) at file:line", "1# function in module". The number may
// be missing where the place is there.
std::optional<Call> debuggerCall(Text line) {
    const bool isNumbered = cutNumber(line);
    if (isNumbered && line.starts_with("0x")) {
        const std::size_t end = std::min(line.find(' '), line.size());
        if (hexadecimalIn(line.substr(0, end))) line = trimmed(line.substr(end));
        if (line.starts_with("in ")) line = trimmed(line.substr(3));
    }
    Call call;
    call.function = line;
    const std::size_t at = line.rfind(" at ");
    if (at != Text::npos && at > 0 && setPlace(line.substr(at + 4), call)) {
        call.function = trimmed(line.substr(0, at));
        return call;
    }
    if (!isNumbered || line.empty()) return std::nullopt;
    if (line.ends_with(')')) {
        if (const auto inside = glibcCall(line)) return inside;
        // "function (module+0x12)"
        const std::size_t open = line.rfind(" (");
        const std::size_t plus = line.rfind('+');
        if (open != Text::npos && open > 0 && plus != Text::npos && plus > open + 2) {
            if (const auto offset = hexadecimalIn(line.substr(plus + 1, line.size() - plus - 2))) {
                call.function = trimmed(line.substr(0, open));
                call.module = line.substr(open + 2, plus - open - 2);
                return call;
            }
        }
    }
    const std::size_t space = line.rfind(' ');
    if (space != Text::npos && line.find('/') != Text::npos && setPlace(line.substr(space + 1), call)) {
        call.function = trimmed(line.substr(0, space));
        return call;
    }
    for (const Text word : {Text(" from "), Text(" in ")}) {
        const std::size_t from = line.rfind(word);
        if (from == Text::npos || from == 0 || from + word.size() >= line.size()) continue;
        call.module = line.substr(from + word.size());
        setFunction(line.substr(0, from), call);
        return call;
    }
    setFunction(line, call);
    return call;
}

Frame frameFrom(const Call& call, StringTable& strings) {
    Frame frame;
    frame.function = strings.intern(readable(call.function));
    frame.file = strings.intern(call.file);
    frame.module = strings.intern(call.module);
    frame.line = call.line;
    frame.offset = call.offset;
    return frame;
}

/// The calls of a text, a line each, in its order.
struct Calls {
    std::vector<FrameId> frames;
    bool isInnermostLast = false;  ///< as Python's tracebacks are
};

Calls callsOf(Text text, AttributeTables& tables) {
    Calls calls;
    bool wasPython = false;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const bool isIndented = text.starts_with("    ");
        const Text line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        const bool isPython = pythonCall(line).has_value();
        const bool isStatement = wasPython && isIndented && !isPython;  // of the program, which Python prints below
        wasPython = isPython;
        if (line.empty() || isStatement || line.starts_with("Traceback (most recent call last)")) continue;
        if (calls.frames.empty()) calls.isInnermostLast = isPython;
        calls.frames.push_back(tables.stacks.intern(frameOf(line, tables.strings)));
    }
    return calls;
}

}  // namespace

Frame frameOf(std::string_view line, StringTable& strings) {
    line = trimmed(line);
    for (const auto& read : {pythonCall, glibcCall, clientCall, debuggerCall}) {
        const std::optional<Call> call = read(line);
        if (call && !(call->function.empty() && call->module.empty() && call->file.empty()))
            return frameFrom(*call, strings);
    }
    return frameFrom(Call{line, {}, {}, 0, Frame::kNoOffset}, strings);
}

StackId stackOf(std::string_view text, AttributeTables& tables) {
    Calls calls = callsOf(text, tables);
    if (!calls.isInnermostLast) std::reverse(calls.frames.begin(), calls.frames.end());
    const std::size_t kept = std::min(calls.frames.size(), StackTable::kMostFrames);
    StackId stack;
    for (std::size_t i = calls.frames.size() - kept; i < calls.frames.size(); ++i)
        stack = tables.stacks.push(stack, calls.frames[i]);
    return stack;
}

}  // namespace alloclens::alloc_message
