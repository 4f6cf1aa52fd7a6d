// SPDX-License-Identifier: GPL-3.0-or-later
//
// The pattern of a lifecycle term, matched against the letters of an address key. It is a run of letters or a regular
// expression in RE2's syntax; matching takes time linear in the letters. Copies share the compiled expression. Any
// number of threads may match at once.
//
//     AFU    matches "AAFUF": the letters occur side by side
//     /^AF/  matches "AFU", not "AAF"
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

/// Why a text is not a regular expression. `offset` and `length` mark the wrong part, in bytes.
struct PatternError {
    std::string message;
    std::size_t offset = 0;
    std::size_t length = 0;
};

class LifecyclePattern {
public:
    /// Matches letters that occur side by side.
    explicit LifecyclePattern(std::string letters);
    /// Matches an expression anywhere in the letters; upper and lower case differ.
    [[nodiscard]] static std::variant<LifecyclePattern, PatternError> compile(std::string_view expression);

    [[nodiscard]] bool matches(std::string_view letters) const;

private:
    explicit LifecyclePattern(std::shared_ptr<const re2::RE2> expression);

    std::string m_letters;
    std::shared_ptr<const re2::RE2> m_expression;  ///< null for plain letters
};

}  // namespace alloclens::query
