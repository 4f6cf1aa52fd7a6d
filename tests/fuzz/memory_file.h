// SPDX-License-Identifier: GPL-3.0-or-later
//
// What both harnesses need: a file that lies in memory, a stream that keeps nothing, and a check that ends the program
// so that libFuzzer keeps the input.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ostream>
#include <streambuf>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>

namespace alloclens::fuzz {

inline void check(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

class MemoryFile {
public:
    explicit MemoryFile(std::string_view bytes) : m_descriptor(::memfd_create("input", MFD_CLOEXEC)) {
        check(m_descriptor >= 0, "a memory file can be made");
        while (!bytes.empty()) {
            const auto done = ::write(m_descriptor, bytes.data(), bytes.size());
            check(done > 0, "a memory file can be written");
            bytes.remove_prefix(static_cast<std::size_t>(done));
        }
    }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    ~MemoryFile() { ::close(m_descriptor); }

    [[nodiscard]] int descriptor() const { return m_descriptor; }
    [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(m_descriptor); }

private:
    int m_descriptor;
};

/// Takes everything and keeps nothing.
class NullBuffer : public std::streambuf {
protected:
    int_type overflow(int_type c) override { return traits_type::not_eof(c); }
    std::streamsize xsputn(const char*, std::streamsize count) override { return count; }
};

}  // namespace alloclens::fuzz
