// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bytes as a file that has a path, without a disk: what a fuzzer hands to code that opens files.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

namespace alloclens::fuzz {

class MemoryFile {
public:
    MemoryFile(const std::uint8_t* bytes, std::size_t size) : m_descriptor(::memfd_create("fuzz", 0)) {
        if (m_descriptor < 0) std::abort();
        while (size > 0) {
            const auto written = ::write(m_descriptor, bytes, size);
            if (written <= 0) std::abort();
            bytes += written;
            size -= static_cast<std::size_t>(written);
        }
    }
    ~MemoryFile() { ::close(m_descriptor); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(m_descriptor); }

private:
    int m_descriptor;
};

}  // namespace alloclens::fuzz
