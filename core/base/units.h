// SPDX-License-Identifier: GPL-3.0-or-later
//
// Numbers as people read and type them: counts with separated thousands, byte sizes, addresses in the log's own form,
// and the way back from text. Independent of the locale, so reports are the same on every machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace alloclens {

/// How a log writes its buffer ids. Addresses are shown in that form, because people search for what they see in the
/// log.
enum class AddressForm : std::uint8_t { Decimal, Hexadecimal };

/// 1234567 -> "1,234,567".
[[nodiscard]] std::string formatCount(std::uint64_t count);
/// Signed counts, such as balances: -3 -> "-3".
[[nodiscard]] std::string formatSignedCount(std::int64_t count);
/// 12503040 -> "11.9 MiB"; below 10 KiB the exact bytes: 4096 -> "4,096 B".
[[nodiscard]] std::string formatBytes(std::uint64_t bytes);
/// 695055872 -> "0x296db600": lowercase, no padding, as the servers write it.
[[nodiscard]] std::string formatHex(std::uint64_t value);
/// 695055872 -> "695055872" or "0x296db600".
[[nodiscard]] std::string formatAddress(std::uint64_t address, AddressForm form);
/// 1, "finding" -> "1 finding"; 2 -> "2 findings". The default plural adds an s.
[[nodiscard]] std::string formatQuantity(std::uint64_t count, std::string_view singular, std::string_view plural = {});

/// "1,024" -> 1024, "0x1F" -> 31: decimal, or hexadecimal after 0x, with commas or underscores between digits. None for
/// other texts and above 2^64 - 1.
[[nodiscard]] std::optional<std::uint64_t> parseUnsigned(std::string_view text);
/// "4096" -> 4096, "1.5MiB" -> 1572864, "1.5 mb" -> 1572864: as parseUnsigned, and with a unit and a fraction. Units
/// are B, K, KB, KiB, M, MB, MiB, G, GB, GiB in any case, all 1024-based as in the server.
[[nodiscard]] std::optional<std::uint64_t> parseByteSize(std::string_view text);

}  // namespace alloclens
