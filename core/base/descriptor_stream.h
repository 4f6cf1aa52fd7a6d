// SPDX-License-Identifier: GPL-3.0-or-later
//
// A stream that writes to an open descriptor and does not close it. Unlike the standard's streams it keeps the errno of
// the first failure. Writes block until the reader takes the bytes. Used by one thread.
#pragma once

#include <ostream>
#include <streambuf>
#include <vector>

namespace alloclens {

class DescriptorStream final : public std::ostream {
public:
    explicit DescriptorStream(int descriptor);

    /// Writes what is buffered. Returns the errno of the first failure, or 0.
    [[nodiscard]] int finish();

private:
    class Buffer final : public std::streambuf {
    public:
        explicit Buffer(int descriptor);
        [[nodiscard]] int error() const { return m_error; }

    protected:
        int_type overflow(int_type c) override;
        std::streamsize xsputn(const char* bytes, std::streamsize count) override;
        int sync() override;

    private:
        bool put(const char* bytes, std::size_t count);

        int m_descriptor;
        int m_error = 0;
        std::vector<char> m_bytes;
    };

    Buffer m_buffer;
};

}  // namespace alloclens
