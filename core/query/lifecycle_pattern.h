// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a lifecycle term looks for in a key's letters: a piece of them, or a regular expression in RE2's syntax, which
// takes time linear in the letters whatever the expression. Copies share the compiled expression; any number of
// threads may match at once.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace re2 {
class RE2;
}

namespace alloclens::query {

/// Why a text is no regular expression. `offset` and `length` are the part of it that is at fault.
struct PatternError {
    std::string message;
    std::size_t offset = 0;
    std::size_t length = 0;
};

class LifecyclePattern {
public:
    /// Letters that must occur side by side.
    explicit LifecyclePattern(std::string letters);
    /// An expression that must match somewhere; upper and lower case differ.
    [[nodiscard]] static std::variant<LifecyclePattern, PatternError> compile(std::string_view expression);

    [[nodiscard]] bool matches(std::string_view letters) const;

private:
    explicit LifecyclePattern(std::shared_ptr<const re2::RE2> expression);

    std::string m_letters;
    std::shared_ptr<const re2::RE2> m_expression;  ///< null where plain letters are looked for
};

}  // namespace alloclens::query
