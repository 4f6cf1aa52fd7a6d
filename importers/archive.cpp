// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/archive.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <string_view>
#include <vector>

namespace alloclens {
namespace {

using namespace std::string_view_literals;

/// The names of files in an archive, as far as the search went.
struct Members {
    std::vector<std::string> names;
    bool areAll = true;
};

constexpr std::size_t kMostLooked = 64;
constexpr std::size_t kTarBlock = 512;

std::string readBytes(const Input& input, std::uint64_t offset, std::size_t size) {
    std::string bytes(size, '\0');
    const auto got = input.readAt(offset, bytes.data(), bytes.size());
    bytes.resize(got ? *got : 0);
    return bytes;
}

std::string textOf(std::string_view field) { return std::string(field.substr(0, field.find('\0'))); }

// "0000644\0" -> 420: a number of a tar header. None without a digit.
std::optional<std::uint64_t> octal(std::string_view field) {
    std::uint64_t value = 0;
    bool hasDigit = false;
    for (const char c : field) {
        if (c >= '0' && c <= '7') {
            value = value * 8 + static_cast<std::uint64_t>(c - '0');
            hasDigit = true;
        } else if (hasDigit || c != ' ') {
            break;
        }
    }
    if (!hasDigit) return std::nullopt;
    return value;
}

// Checks the header's sum of bytes, in which its own field counts as blanks. All variants of tar have it.
bool isTarHeader(std::string_view block) {
    constexpr std::size_t kSumAt = 148;
    constexpr std::size_t kSumBytes = 8;
    if (block.size() < kTarBlock || block.front() == '\0') return false;
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < block.size(); ++i)
        sum += i >= kSumAt && i < kSumAt + kSumBytes ? std::uint64_t{' '} : static_cast<unsigned char>(block[i]);
    return octal(block.substr(kSumAt, kSumBytes)) == sum;
}

Members tarMembers(const Input& input) {
    // Looking further would unpack too much of a compressed archive.
    constexpr std::uint64_t kFarthest = std::uint64_t{16} << 20;
    Members members;
    std::string longName;
    std::uint64_t offset = 0;
    for (std::size_t looked = 0;; ++looked) {
        const bool isTooFar = offset > kFarthest && !input.isPlainFile();
        if (looked == kMostLooked || isTooFar) {
            members.areAll = false;
            return members;
        }
        const std::string header = readBytes(input, offset, kTarBlock);
        if (!isTarHeader(header)) return members;
        const std::string_view block = header;
        const auto size = octal(block.substr(124, 12));
        if (!size || *size > UINT64_MAX / 2) return members;
        const char type = block[156];
        constexpr std::size_t kLongestName = 4096;
        if (type == 'L') {
            longName = textOf(readBytes(input, offset + kTarBlock, std::min<std::size_t>(*size, kLongestName)));
        } else if (type == '0' || type == '\0' || type == '7') {
            const bool hasPrefix = block.substr(257, 6) == "ustar\0"sv;
            const std::string prefix = hasPrefix ? textOf(block.substr(345, 155)) : std::string();
            const std::string name = textOf(block.substr(0, 100));
            members.names.push_back(!longName.empty() ? longName : prefix.empty() ? name : prefix + '/' + name);
            longName.clear();
        }
        offset += kTarBlock + (*size + kTarBlock - 1) / kTarBlock * kTarBlock;
    }
}

std::uint64_t littleEndian(std::string_view bytes, std::size_t at, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count && at + i < bytes.size(); ++i)
        value |= std::uint64_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
    return value;
}

// Reads the directory at the end, so the members of a zip in a pipe are not named.
Members zipMembers(const Input& input) {
    constexpr std::size_t kEndBytes = 22;
    constexpr std::size_t kLongestComment = 65'535;
    constexpr std::size_t kEntryBytes = 46;
    Members members;
    members.areAll = false;
    if (!input.isPlainFile()) return members;
    const std::uint64_t size = input.size();
    const auto tailBytes = static_cast<std::size_t>(std::min<std::uint64_t>(size, kEndBytes + kLongestComment));
    const std::string tail = readBytes(input, size - tailBytes, tailBytes);
    const std::size_t end = tail.rfind("PK\x05\x06");
    if (end == std::string::npos) return members;
    const std::uint64_t entries = littleEndian(tail, end + 10, 2);
    std::uint64_t offset = littleEndian(tail, end + 16, 4);
    for (std::uint64_t i = 0; i < std::min<std::uint64_t>(entries, kMostLooked); ++i) {
        const std::string entry = readBytes(input, offset, kEntryBytes);
        if (!entry.starts_with("PK\x01\x02") || entry.size() < kEntryBytes) return members;
        const auto nameBytes = static_cast<std::size_t>(littleEndian(entry, 28, 2));
        std::string name = readBytes(input, offset + kEntryBytes, nameBytes);
        if (!name.ends_with('/')) members.names.push_back(std::move(name));
        offset += kEntryBytes + nameBytes + littleEndian(entry, 30, 2) + littleEndian(entry, 32, 2);
    }
    members.areAll = entries <= kMostLooked;
    return members;
}

std::string listed(const Members& members) {
    constexpr std::size_t kShown = 3;
    if (members.names.empty()) return {};
    const std::size_t shown = members.names.size() <= kShown + 1 ? members.names.size() : kShown;
    std::string text = " that contains ";
    for (std::size_t i = 0; i < shown; ++i) {
        const bool isLast = i + 1 == members.names.size() && members.areAll;
        if (i > 0) text += isLast ? " and " : ", ";
        text += members.names[i];
    }
    if (!members.areAll) return text + " and more";
    if (shown < members.names.size()) text += fmt::format(" and {} more files", members.names.size() - shown);
    return text;
}

/// Quotes a path for a shell: "my log.tar" -> "'my log.tar'".
std::string quoted(const std::string& path) {
    const auto isPlain = [](unsigned char c) {
        return c >= 0x80 || std::isalnum(c) != 0 || "/._-+:,=@%"sv.find(static_cast<char>(c)) != std::string_view::npos;
    };
    if (std::all_of(path.begin(), path.end(), isPlain)) return path;
    std::string text = "'";
    for (const char c : path) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return text + '\'';
}

Archive describe(std::string_view kind, const Members& members, std::string_view command, const Input& input) {
    const bool hasName = input.path() != "standard input";
    const std::string how = hasName ? fmt::format(" ({} {})", command, quoted(input.path())) : std::string();
    return {fmt::format("is a {} archive{}", kind, listed(members)),
            fmt::format("Unpack it first{}, then open the log in it.", how)};
}

struct Magic {
    std::string_view bytes;
    std::string_view kind;
    std::string_view command;
};

constexpr Magic kOthers[] = {{"7z\xbc\xaf\x27\x1c"sv, "7z", "7z x"},
                             {"Rar!\x1a\x07"sv, "rar", "unrar x"},
                             {"!<arch>\n"sv, "ar", "ar x"},
                             {"MSCF\0\0\0\0"sv, "cabinet", "cabextract"}};

// A number of 64 digits that begins with 0707; dates are shorter.
bool isCpio(std::string_view head) {
    constexpr std::size_t kDigits = 64;
    const bool isNumber = head.starts_with("070701") || head.starts_with("070702") || head.starts_with("070707");
    return isNumber && head.size() >= kDigits
           && head.substr(0, kDigits).find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

}  // namespace

std::optional<Archive> archiveIn(const Input& input) {
    constexpr std::uint64_t kMagicBytes = 8;
    const auto here = static_cast<std::size_t>(std::clamp(input.sizeSoFar(), kMagicBytes, std::uint64_t{kTarBlock}));
    const std::string head = input.head(here);
    if (head.starts_with("PK\x03\x04") || head.starts_with("PK\x05\x06"))
        return describe("zip", zipMembers(input), "unzip", input);
    for (const Magic& other : kOthers) {
        if (std::string_view(head).starts_with(other.bytes)) return describe(other.kind, {}, other.command, input);
    }
    if (isCpio(head)) return describe("cpio", {}, "cpio -idF", input);
    // A tar begins with a name and a zero byte. If a newline comes first it is not one, so do not wait for more.
    const std::size_t end = head.find_first_of("\n\0"sv);
    if (end != std::string::npos && (end == 0 || head[end] == '\n')) return std::nullopt;
    if (!isTarHeader(input.head(kTarBlock))) return std::nullopt;
    return describe("tar", tarMembers(input), "tar xf", input);
}

}  // namespace alloclens
