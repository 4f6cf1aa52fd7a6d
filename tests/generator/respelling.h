// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes a server's lines as people copy them: with numbers of lines, levels or threads before them, with marks after
// them, in the spelling of pages, chats and tools for text. Each line stays one line, or begins on a known one, so the
// log as it was printed is the truth for it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace alloclens::generator {

struct Respelling {
    std::string_view name;
    /// The line of a log, with its index from 0.
    std::string (*write)(std::string_view line, std::size_t index);
};
[[nodiscard]] std::span<const Respelling> respellings();

[[nodiscard]] std::string respell(std::string_view log, const Respelling& respelling);

}  // namespace alloclens::generator
