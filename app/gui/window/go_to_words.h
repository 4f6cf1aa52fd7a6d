// SPDX-License-Identifier: GPL-3.0-or-later
//
// The words of a "go to" as typed, sorted into what they are. Knows the language and no trace.
#pragma once

#include <QString>

#include <cstdint>
#include <optional>

namespace alloclens {

struct GoToWords {
    std::optional<std::uint64_t> line;
    std::optional<std::uint64_t> event;
    std::optional<std::uint64_t> number;  ///< an address, or a line where nothing else is said
    std::optional<std::int32_t> device;
    std::optional<std::uint32_t> generation;
    bool isAddress = false;  ///< it was called one, or written as only addresses are
    QString problem;         ///< what is not understood; empty if all is
};

[[nodiscard]] GoToWords readGoTo(const QString& text);

}  // namespace alloclens
