// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/filter_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/units.h"
#include "core/query/filter_lexer.h"
#include "core/query/number_value.h"
#include "core/query/suggestion.h"

namespace alloclens::query {
namespace {

// A word without a field is an address if all of it reads as addresses or ranges of them. They are 0x..., or decimal
// numbers of at least this many digits, since shorter numbers occur in many lines.
constexpr std::size_t kAddressDigits = 6;

bool isAddress(std::string_view text) {
    const bool isHexadecimal = text.starts_with("0x") || text.starts_with("0X");
    const auto digits = std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    return parseUnsigned(text) && (isHexadecimal || static_cast<std::size_t>(digits) >= kAddressDigits);
}

/// 0x1000, 695055872, 0x1000..0x2000 and ..0x2000 do; 12, "0x1000" in quotes and text do not.
bool looksLikeAddresses(const ValueToken& value) {
    const std::string_view text = value.text;
    const std::size_t dots = text.find("..");
    if (value.form != ValueForm::Bare) return false;
    if (dots == std::string_view::npos) return isAddress(text);
    const std::string_view first = text.substr(0, dots);
    const std::string_view last = text.substr(dots + 2);
    if (first.empty()) return isAddress(last);
    return isAddress(first) && (last.empty() || isAddress(last));
}

/// Parses one word. Keeps the first error and parses nothing after it.
class TermParser {
public:
    explicit TermParser(const TermToken& token) : m_token(token) {}

    [[nodiscard]] bool parse() {
        m_term.isNegated = m_token.isNegated;
        m_term.column = m_token.column;
        m_term.length = m_token.end - m_token.column;
        return chooseField() && checkForms() && parseValues();
    }
    [[nodiscard]] Term& term() { return m_term; }
    [[nodiscard]] FilterError& error() { return m_error; }

private:
    bool fail(std::size_t column, std::size_t length, std::string message, std::string expected,
              std::string_view suggestion = {}) {
        m_error = {column, std::max<std::size_t>(length, 1), std::move(message), std::move(expected),
                   std::string(suggestion)};
        return false;
    }

    [[nodiscard]] bool chooseField() {
        if (m_token.hasField) {
            const auto names = fieldNames();
            if (m_token.field.empty()) {
                return fail(m_token.fieldColumn, 1, "there is no field before ':'", listOfNames(names));
            }
            const auto field = fieldFromName(m_token.field);
            if (!field) {
                return fail(
                    m_token.fieldColumn, m_token.field.size(), fmt::format("'{}' is not a field", m_token.field),
                    listOfNames(names) + ", or quotes around a text with a colon", closestName(m_token.field, names));
            }
            m_term.field = *field;
        } else if (m_token.isNegated && m_token.end == m_token.fieldColumn) {
            return fail(m_token.column, 1, "'-' negates nothing", "a term after it, such as -device:0");
        } else {
            const auto& values = m_token.values;
            m_term.field = std::all_of(values.begin(), values.end(), looksLikeAddresses) ? Field::Address : Field::Text;
        }
        return true;
    }

    [[nodiscard]] bool checkForms() {
        for (const ValueToken& value : m_token.values) {
            const bool isQuoted = value.form == ValueForm::Quoted;
            if (!value.isClosed) {
                return fail(value.column, value.end - value.column,
                            isQuoted ? "the quote is not closed" : "the expression is not closed",
                            isQuoted ? "a second \"" : "a second /");
            }
            if (value.strayEnd > value.end) {
                return fail(value.end, value.strayEnd - value.end,
                            fmt::format("text follows the closing {}", isQuoted ? "quote" : "slash"),
                            "a space, a comma or the end");
            }
            if (value.text.empty()) {
                const std::string where = m_token.hasField && m_token.values.size() == 1
                                              ? fmt::format("'{}:' has no value", fieldName(m_term.field))
                                              : std::string("a value is missing or empty");
                return fail(value.column, value.end - value.column, where, expectedValue(m_term.field));
            }
        }
        return true;
    }

    [[nodiscard]] bool parseValues() {
        if (attributeOf(m_term.field)) return parseEach<TextValues>(&TermParser::addText);
        switch (m_term.field) {
        case Field::Device:
        case Field::Sender:
        case Field::Pid: return parseEach<IdValues>(&TermParser::addId);
        case Field::Address:
        case Field::Size:
        case Field::Line: return parseEach<NumberValues>(&TermParser::addNumber);
        case Field::Time: return parseEach<TimeValues>(&TermParser::addTime);
        case Field::Memory: return parseEach<MemoryValues>(&TermParser::addMemory);
        case Field::Kind: return parseEach<KindValues>(&TermParser::addKind);
        case Field::Cause: return parseEach<CauseValues>(&TermParser::addCause);
        case Field::Lifecycle: return parseEach<LifecycleValues>(&TermParser::addPattern);
        case Field::Text: return parseEach<TextValues>(&TermParser::addText);
        }
        return false;
    }

    template <typename V>
    [[nodiscard]] bool parseEach(bool (TermParser::*add)(const ValueToken&, V&)) {
        V values;
        for (const ValueToken& value : m_token.values) {
            if (!(this->*add)(value, values)) return false;
        }
        m_term.values = std::move(values);
        return true;
    }

    [[nodiscard]] bool addId(const ValueToken& value, IdValues& out) {
        const std::string word = foldCase(value.text);
        if (word == "none" || word == "?") {
            out.matchesNone = true;
            return true;
        }
        return addRange(value, parseIdRange(value.text), out.ranges);
    }

    [[nodiscard]] bool addNumber(const ValueToken& value, NumberValues& out) {
        return addRange(value, m_term.field == Field::Size ? parseSizeRange(value.text) : parseNumberRange(value.text),
                        out.ranges);
    }

    [[nodiscard]] bool addTime(const ValueToken& value, TimeValues& out) {
        return addRange(value, parseTimeRange(value.text), out.ranges);
    }

    template <typename T>
    [[nodiscard]] bool addRange(const ValueToken& value, const RangeOrError<T>& parsed, Ranges<T>& out) {
        if (const auto* wrong = std::get_if<RangeError>(&parsed)) {
            return fail(value.textColumn + wrong->offset, wrong->length, wrong->message, expectedValue(m_term.field),
                        wrong->suggestion);
        }
        const auto& range = *std::get_if<Range<T>>(&parsed);
        if (range.first <= range.last) out.push_back(range);  // skips a range that no value meets, such as size:<0
        return true;
    }

    [[nodiscard]] bool addMemory(const ValueToken& value, MemoryValues& out) {
        const auto names = memoryNames();
        const std::string wanted = foldCase(value.text);
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (foldCase(names[i]) != wanted) continue;
            out.bits = static_cast<std::uint8_t>(out.bits | 1U << i);
            return true;
        }
        return fail(value.column, value.end - value.column, fmt::format("'{}' is not a memory", value.text),
                    listOfNames(names), closestName(value.text, names));
    }

    [[nodiscard]] bool addKind(const ValueToken& value, KindValues& out) {
        const std::string name = foldCase(value.text);
        if (const auto finding = findingKindFromName(name)) {
            out.findings = static_cast<KindSet>(out.findings | kindBit(static_cast<std::uint8_t>(*finding)));
        } else if (const auto event = eventKindFromName(name)) {
            out.events = static_cast<std::uint8_t>(out.events | 1U << static_cast<unsigned>(*event));
        } else {
            const auto names = kindNames();
            return fail(value.column, value.end - value.column,
                        fmt::format("'{}' is not a kind of finding or event", value.text), listOfNames(names),
                        closestName(value.text, names));
        }
        return true;
    }

    [[nodiscard]] bool addCause(const ValueToken& value, CauseValues& out) {
        if (const auto cause = causeFromName(foldCase(value.text))) {
            out.bits |= 1U << static_cast<unsigned>(*cause);
            return true;
        }
        const auto names = causeNames();
        return fail(value.column, value.end - value.column,
                    fmt::format("'{}' is not a cause of a refused free", value.text), listOfNames(names),
                    closestName(value.text, names));
    }

    [[nodiscard]] bool addPattern(const ValueToken& value, LifecycleValues& out) {
        if (value.form == ValueForm::Expression) {
            auto compiled = LifecyclePattern::compile(value.text);
            if (const auto* wrong = std::get_if<PatternError>(&compiled)) {
                return fail(value.textColumn + wrong->offset, wrong->length,
                            fmt::format("'{}' is not a regular expression: {}", value.text, wrong->message),
                            expectedValue(m_term.field));
            }
            out.patterns.push_back(std::move(*std::get_if<LifecyclePattern>(&compiled)));
            return true;
        }
        const std::size_t stray = value.text.find_first_not_of("AafFUR");
        if (stray != std::string::npos) {
            return fail(value.textColumn + stray, 1,
                        fmt::format("'{}' is not a letter of a lifecycle", value.text.substr(stray, 1)),
                        expectedValue(m_term.field));
        }
        out.patterns.emplace_back(value.text);
        return true;
    }

    // A member only because parseEach takes members.
    [[nodiscard]] bool addText(const ValueToken& value, TextValues& out) {
        out.needles.push_back(foldCase(value.text));
        return true;
    }

    [[nodiscard]] static std::string expectedValue(Field field) {
        if (attributeOf(field)) return fmt::format("a part of a {}, or a text in quotes", fieldName(field));
        switch (field) {
        case Field::Device: return "a device such as 4, a range such as 0..3, a comparison such as >3, or none";
        case Field::Address: return "an address such as 0x296db600, or a range such as 0x1000..0x2000 or 0x1000..";
        case Field::Memory: return listOfNames(memoryNames());
        case Field::Sender:
        case Field::Pid: return "a process id such as 1234, a range such as 1000..2000, or none";
        case Field::Size:
            return "a size such as 4096 or 1.5MiB, a comparison such as >1MiB, or a range such as 1KiB..1MiB";
        case Field::Kind: return listOfNames(kindNames());
        case Field::Cause: return listOfNames(causeNames());
        case Field::Line:
            return "a line number such as 14896, a range such as 14000..16000, or a comparison such as >14000";
        case Field::Time:
            return "a time from the start such as 1.5s, a time such as 2026-02-26T21:56:10, a range of them such as "
                   "1.5s..2s, or a comparison such as >20ms";
        case Field::Lifecycle:
            return "some of the letters A a f F U R, or a regular expression over them such as /A[fF]+U/";
        case Field::Text: return "a word, or a text in quotes";
        }
        return {};
    }

    const TermToken& m_token;
    Term m_term;
    FilterError m_error;
};

}  // namespace

std::variant<std::vector<Term>, FilterError> parseTerms(std::string_view text) {
    std::vector<Term> terms;
    for (const TermToken& token : lexFilter(text)) {
        TermParser parser(token);
        if (!parser.parse()) return std::move(parser.error());
        terms.push_back(std::move(parser.term()));
    }
    return terms;
}

}  // namespace alloclens::query
