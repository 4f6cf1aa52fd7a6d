// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sentences that a server prints, as templates, and how far a text agrees with one of them: whether it is whole, or
// stops where a sentence goes on, as it does where a collector cut a line. Says nothing of the values. Needs no memory
// of its own and may be used by any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace alloclens::server_log {

struct SentenceMatch {
    /// A whole sentence stands at the beginning; what may follow it is a comment or the next one.
    bool isWhole = false;
    std::size_t end = 0;  ///< behind the longest whole sentence
    /// All of the text is the beginning of a sentence that goes on.
    bool isBeginning = false;
    std::size_t reached = 0;  ///< so many bytes agree with some sentence
    std::size_t begin = 0;    ///< where the sentence begins, behind blanks and symbols
};

/// Where a sentence may begin: behind blanks and symbols, in whatever code page.
[[nodiscard]] std::size_t sentenceBegin(std::string_view text);

[[nodiscard]] SentenceMatch matchSentence(std::string_view text);
/// The same for who asks for whole sentences only: quicker, and says nothing of beginnings.
[[nodiscard]] SentenceMatch matchWholeSentence(std::string_view text);

}  // namespace alloclens::server_log
