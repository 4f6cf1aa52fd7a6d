// SPDX-License-Identifier: GPL-3.0-or-later
//
// Numbers as people read and type them: counts with thousands separated, byte sizes, addresses in the log's own
// form, and the way back from text. Locale-independent, so that reports are the same on every machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace alloclens {

/// How a log writes its buffer ids; people search for the form that they see there.
enum class AddressForm : std::uint8_t { Decimal, Hexadecimal };

/// 1234567 -> "1,234,567".
[[nodiscard]] std::string formatCount(std::uint64_t count);
/// Signed counts, such as balances: -3 -> "-3".
[[nodiscard]] std::string formatSignedCount(std::int64_t count);
/// 12503040 -> "11.9 MiB"; below 10 KiB the exact bytes: 4096 -> "4,096 B".
[[nodiscard]] std::string formatBytes(std::uint64_t bytes);
/// 695055872 -> "0x296db600": lowercase, no padding, as the servers write it.
[[nodiscard]] std::string formatHex(std::uint64_t value);
[[nodiscard]] std::string formatAddress(std::uint64_t address, AddressForm form);
/// "1 finding", "2 findings"; the plural is the singular with an s unless given.
[[nodiscard]] std::string formatQuantity(std::uint64_t count, std::string_view singular, std::string_view plural = {});

/// Decimal, or hexadecimal behind 0x, with commas or underscores between digits allowed. None if anything else follows.
[[nodiscard]] std::optional<std::uint64_t> parseUnsigned(std::string_view text);
/// As parseUnsigned, with an optional unit behind: B, KB, MB, GB, KiB, MiB, GiB (all 1024-based, as the server counts),
/// upper or lower case, and an optional fraction: "1.5MiB".
[[nodiscard]] std::optional<std::uint64_t> parseByteSize(std::string_view text);

}  // namespace alloclens
