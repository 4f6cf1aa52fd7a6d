// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/filter_lexer.h"

#include "core/query/term.h"

namespace alloclens::query {
namespace {

class Lexer {
public:
    explicit Lexer(std::string_view text) : m_text(text) {}

    [[nodiscard]] std::vector<TermToken> run() {
        std::vector<TermToken> terms;
        for (;;) {
            while (!atEnd() && isFilterSpace(m_text[m_at])) ++m_at;
            if (atEnd()) return terms;
            terms.push_back(term());
        }
    }

private:
    [[nodiscard]] bool atEnd() const { return m_at >= m_text.size(); }
    [[nodiscard]] bool atValueEnd() const { return atEnd() || m_text[m_at] == ',' || isFilterSpace(m_text[m_at]); }

    [[nodiscard]] TermToken term() {
        TermToken term;
        term.column = m_at;
        term.isNegated = m_text[m_at] == '-';
        if (term.isNegated) ++m_at;
        term.fieldColumn = m_at;
        std::size_t colon = m_at;
        while (colon < m_text.size() && m_text[colon] != ':' && m_text[colon] != '"' && m_text[colon] != ','
               && !isFilterSpace(m_text[colon])) {
            ++colon;
        }
        term.hasField = colon < m_text.size() && m_text[colon] == ':';
        if (term.hasField) {
            term.field = m_text.substr(m_at, colon - m_at);
            m_at = colon + 1;
        }
        const bool allowsExpression = term.hasField && fieldFromName(term.field) == Field::Lifecycle;
        for (;;) {
            term.values.push_back(value(allowsExpression));
            if (atEnd() || m_text[m_at] != ',') break;
            ++m_at;
        }
        term.end = m_at;
        return term;
    }

    [[nodiscard]] ValueToken value(bool allowsExpression) {
        ValueToken value;
        value.column = value.textColumn = m_at;
        const char first = atEnd() ? '\0' : m_text[m_at];
        if (first == '"' || (first == '/' && allowsExpression)) {
            value.form = first == '"' ? ValueForm::Quoted : ValueForm::Expression;
            enclosed(value);
        } else {
            while (!atValueEnd()) ++m_at;
            value.text = m_text.substr(value.column, m_at - value.column);
            value.end = value.strayEnd = m_at;
        }
        return value;
    }

    // In quotes \" and \ lose their backslash. An expression keeps it, since RE2 reads \/ as /.
    void enclosed(ValueToken& value) {
        const char mark = m_text[m_at];
        value.textColumn = ++m_at;
        value.isClosed = false;
        for (; !atEnd() && !value.isClosed; ++m_at) {
            const char c = m_text[m_at];
            if (c == mark) {
                value.isClosed = true;
            } else if (c == '\\' && m_at + 1 < m_text.size()) {
                const char next = m_text[++m_at];
                const bool isEscape = mark == '"' && (next == '"' || next == '\\');
                if (!isEscape) value.text += c;
                value.text += next;
            } else {
                value.text += c;
            }
        }
        value.end = m_at;
        while (!atValueEnd()) ++m_at;
        value.strayEnd = m_at;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

}  // namespace

bool isFilterSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::vector<TermToken> lexFilter(std::string_view text) { return Lexer(text).run(); }

}  // namespace alloclens::query
