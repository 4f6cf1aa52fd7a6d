// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/lifecycle_pattern.h"

#include <re2/re2.h>

#include <utility>

namespace alloclens::query {

LifecyclePattern::LifecyclePattern(std::string letters) : m_letters(std::move(letters)) {}
LifecyclePattern::LifecyclePattern(std::shared_ptr<const re2::RE2> expression) : m_expression(std::move(expression)) {}

std::variant<LifecyclePattern, PatternError> LifecyclePattern::compile(std::string_view expression) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    const re2::StringPiece pattern(expression.data(), expression.size());
    auto compiled = std::make_shared<const re2::RE2>(pattern, options);
    if (compiled->ok()) return LifecyclePattern(std::move(compiled));
    const std::string& culprit = compiled->error_arg();
    const std::size_t at = culprit.empty() ? std::string_view::npos : expression.find(culprit);
    if (at == std::string_view::npos) return PatternError{compiled->error(), 0, expression.size()};
    return PatternError{compiled->error(), at, culprit.size()};
}

bool LifecyclePattern::matches(std::string_view letters) const {
    if (!m_expression) return letters.find(m_letters) != std::string_view::npos;
    return re2::RE2::PartialMatch(re2::StringPiece(letters.data(), letters.size()), *m_expression);
}

}  // namespace alloclens::query
