// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/filter.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/query/filter_parser.h"
#include "core/query/term.h"

namespace alloclens {
namespace {

// Appends the text and a caret line. Columns are bytes, but a character of several bytes moves the caret once.
std::string underlined(std::string_view text, const FilterError& error) {
    constexpr std::string_view kIndent = "\n    ";
    std::string shown;
    for (const char c : text) shown += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    const auto width = [text](std::size_t begin, std::size_t end) {
        std::size_t characters = 0;
        for (std::size_t i = begin; i < std::min(end, text.size()); ++i) {
            if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) ++characters;
        }
        return characters;
    };
    const std::string pad(width(0, error.column), ' ');
    const std::size_t marked = width(error.column, error.column + error.length);
    const std::string rest(marked > 1 ? marked - 1 : 0, '~');
    return fmt::format("{}{}{}{}^{}", kIndent, shown, kIndent, pad, rest);
}

}  // namespace

std::string FilterError::advice() const {
    const std::string suggested = suggestion.empty() ? std::string() : fmt::format("Did you mean {}? ", suggestion);
    return fmt::format("{}Expected: {}.", suggested, expected);
}

Filter::Filter() = default;
Filter::~Filter() = default;
Filter::Filter(const Filter&) = default;
Filter::Filter(Filter&&) noexcept = default;
Filter& Filter::operator=(const Filter&) = default;
Filter& Filter::operator=(Filter&&) noexcept = default;

std::optional<Filter> Filter::parse(std::string_view text, FilterError& error) {
    auto parsed = query::parseTerms(text);
    if (auto* wrong = std::get_if<FilterError>(&parsed)) {
        error = std::move(*wrong);
        return std::nullopt;
    }
    Filter filter;
    filter.m_text = text;
    filter.m_terms = std::move(*std::get_if<std::vector<query::Term>>(&parsed));
    return filter;
}

Result<Filter> Filter::parse(std::string_view text) {
    FilterError error;
    if (auto filter = parse(text, error)) return std::move(*filter);
    return errorIn(text, error);
}

Error Filter::errorIn(std::string_view text, const FilterError& error) {
    return Error{ErrorKind::Usage, error.message, fmt::format("filter, column {}", error.column + 1),
                 error.advice() + underlined(text, error)};
}

std::optional<FilterError> unanswerableTerm(const Filter& filter, const Trace& trace) {
    for (const query::Term& term : filter.terms()) {
        const bool lacksTime = term.field == query::Field::Time && !trace.hasTime();
        const bool lacksSender = term.field == query::Field::Sender && !trace.events.hasSender();
        const auto attribute = query::attributeOf(term.field);
        if (attribute && !trace.events.attributes.has(*attribute)) {
            return FilterError{term.column,
                               term.length,
                               fmt::format("the events of this source have no {}", attributeInfo(*attribute).plural),
                               "text:, or a source that has them",
                               {}};
        }
        if (!lacksTime && !lacksSender) continue;
        return FilterError{term.column,
                           term.length,
                           lacksTime ? "the events of this source have no time" : "this source does not name senders",
                           lacksTime ? "line:, or a binary trace" : "pid:, or a binary trace",
                           {}};
    }
    return std::nullopt;
}

bool Filter::isEmpty() const { return m_terms.empty(); }

}  // namespace alloclens
