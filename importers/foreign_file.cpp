// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/foreign_file.h"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace alloclens {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kSaveAsText = "Save the log itself as a text file, and open that.";
constexpr std::string_view kOpenTheLog = "Open the log that the allocation server printed.";
constexpr std::string_view kDecompress = "Unpack it first, then open the log in it.";
constexpr std::string_view kDecrypt = "Decrypt it first, then open the log in it.";

struct Magic {
    std::string_view bytes;
    std::string_view what;
    std::string_view advice = kOpenTheLog;
    bool isText = false;  ///< else a zero byte must follow soon, so that no line of text matches
};

constexpr Magic kMagics[] = {
    {"%PDF-"sv, "is a PDF document", kSaveAsText, true},
    {"{\\rtf"sv, "is an RTF document", kSaveAsText, true},
    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv, "is a document of Microsoft Office", kSaveAsText},
    {"\x7f"
     "ELF"sv,
     "is a program, a library or a core dump (ELF)"},
    {"MZ\x90\0"sv, "is a Windows program"},
    {"SQLite format 3\0"sv, "is an SQLite database"},
    {"MINI"sv, "is a trace of Radeon Memory Visualizer"},
    {"AMD_RDF "sv, "is a trace of a Radeon tool"},
    {"PERFILE2"sv, "is a recording of perf"},
    {"tracy\0"sv, "is a trace of Tracy"},
    {"LPKSHHRH"sv, "is a journal of systemd", "Write it as text first: journalctl --file NAME -o cat > server.log"},
    {"ElfFile\0"sv, "is an event log of Windows", kSaveAsText},
    {"\x89PNG\r\n\x1a\n"sv, "is a picture"},
    {"\xff\xd8\xff"sv, "is a picture"},
    {"GIF8"sv, "is a picture"},
    {"\x89HDF\r\n\x1a\n"sv, "is an HDF5 file"},
    {"PAR1"sv, "is a Parquet file"},
    {"\x80\x04\x95"sv, "is a pickle of Python"},
    {"\xd4\xc3\xb2\xa1"sv, "is a capture of network packets"},
    {"\x0a\x0d\x0d\x0a"sv, "is a capture of network packets"},
    {"version https://git-lfs.github.com/spec/"sv, "is a pointer of Git LFS to a file that is not here",
     "Get the file with: git lfs pull", true},
    {"-----BEGIN PGP MESSAGE"sv, "is encrypted", kDecrypt, true},
    {"age-encryption.org/"sv, "is encrypted", kDecrypt, true},
    {"Salted__"sv, "is encrypted", kDecrypt, true},
    {"\x1f\x9d"sv, "is compressed with compress", kDecompress, true},
    {"\x89LZO\0\r\n\x1a\n"sv, "is compressed with lzop", kDecompress},
    {"\xff\x06\0\0sNaPpY"sv, "is compressed with snappy", kDecompress},
};

bool hasZero(std::string_view head) {
    constexpr std::size_t kSoon = 512;
    return head.substr(0, kSoon).find('\0') != std::string_view::npos;
}

bool startsWithoutCase(std::string_view text, std::string_view lower) {
    return text.size() >= lower.size() && std::equal(lower.begin(), lower.end(), text.begin(), [](char a, char b) {
               return a == static_cast<char>(std::tolower(static_cast<unsigned char>(b)));
           });
}

bool isWebPage(std::string_view head) {
    if (head.starts_with("\xef\xbb\xbf")) head.remove_prefix(3);
    head.remove_prefix(std::min(head.find_first_not_of(" \t\r\n"), head.size()));
    return startsWithoutCase(head, "<!doctype html") || startsWithoutCase(head, "<html");
}

// Whether the lines have one length, and use most of the 64 characters and no others.
bool isBase64(std::string_view head) {
    constexpr std::size_t kShortest = 60;
    const std::size_t length = std::min(head.find_first_of("\r\n"), head.size());
    if (length < kShortest) return false;
    bool hasLower = false;
    bool hasUpper = false;
    bool hasDigit = false;
    std::size_t column = 0;
    bool isShort = false;  // only the last line may be short
    for (const char c : head) {
        if (c == '\r') continue;
        if (c == '\n') {
            isShort = isShort || column < length;
            column = 0;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80 || (std::isalnum(byte) == 0 && c != '+' && c != '/' && c != '=')) return false;
        if (++column > length || isShort) return false;
        hasLower = hasLower || std::islower(byte) != 0;
        hasUpper = hasUpper || std::isupper(byte) != 0;
        hasDigit = hasDigit || std::isdigit(byte) != 0;
    }
    return hasLower && hasUpper && hasDigit;
}

}  // namespace

std::optional<ForeignFile> foreignFileIn(const Input& input) {
    constexpr std::size_t kHeadBytes = 4096;
    const std::string bytes = input.head(kHeadBytes);
    const std::string_view head = bytes;
    for (const Magic& magic : kMagics) {
        if (head.starts_with(magic.bytes) && (magic.isText || hasZero(head)))
            return ForeignFile{std::string(magic.what), std::string(magic.advice)};
    }
    if (isWebPage(head)) return ForeignFile{"is a web page (HTML)", std::string(kSaveAsText), true};
    if (isBase64(head)) {
        return ForeignFile{"is text in base64", "Decode it first (base64 -d), then open the log in it.", true};
    }
    return std::nullopt;
}

}  // namespace alloclens
