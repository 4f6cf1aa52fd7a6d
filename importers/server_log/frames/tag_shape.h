// SPDX-License-Identifier: GPL-3.0-or-later
//
// What collectors put before each line (host, process, rank, time), as a shape: words, times and blanks may differ from
// line to line, all other characters are the same. A tag is what of it tells one stream from another: the words without
// the times and without what counts lines. A shape is learnt from the texts before a log's events.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alloclens::server_log {

class TagShape {
public:
    struct Tag {
        std::size_t length = 0;               ///< of all that stands before the line's text
        std::string name;                     ///< as people write it: "[1,0]<stdout>", "node7 ttalloc[4711]"
        std::vector<std::string_view> words;  ///< of the text that was looked at
    };

    /// The shape that most of the texts have. None where they are empty, or differ too much.
    [[nodiscard]] static std::optional<TagShape> learn(const std::vector<std::string_view>& before);

    /// The tag at the beginning of a line; none where the line has another shape.
    [[nodiscard]] std::optional<Tag> match(std::string_view line) const;
    /// Whether a character may begin one.
    [[nodiscard]] bool mayBegin(char c) const;
    /// The characters of the shape with T for times, W for words and one blank for each run.
    [[nodiscard]] const std::string& text() const { return m_text; }

private:
    enum class Kind : std::uint8_t { Time, Word, Blanks, Exact };
    struct Token {
        Kind kind;
        char exact = 0;
        std::uint32_t blanks = 0;  ///< of the last token, so many exactly
        bool isCounter = false;    ///< differs on nearly each line
        bool isNumber = false;     ///< of digits alone on all lines, so that no other word is one
    };

    [[nodiscard]] static std::vector<Token> tokensOf(std::string_view before);
    [[nodiscard]] static std::string textOf(const std::vector<Token>& tokens);
    void findCounters(const std::vector<std::string_view>& before);

    std::vector<Token> m_tokens;
    std::string m_lastBlanks;  ///< of the last token: a tab is no blank of the text
    std::string m_text;
};

}  // namespace alloclens::server_log
