// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/descriptor_stream.h"

#include <cerrno>
#include <cstring>
#include <poll.h>
#include <unistd.h>

namespace alloclens {

DescriptorStream::DescriptorStream(int descriptor) : std::ostream(nullptr), m_buffer(descriptor) { rdbuf(&m_buffer); }

int DescriptorStream::finish() {
    flush();
    if (m_buffer.error() != 0) return m_buffer.error();
    return good() ? 0 : ENOMEM;  // only formatting without memory sets the state otherwise
}

DescriptorStream::Buffer::Buffer(int descriptor) : m_descriptor(descriptor), m_bytes(std::size_t{64} * 1024) {
    setp(m_bytes.data(), m_bytes.data() + m_bytes.size());
}

DescriptorStream::Buffer::int_type DescriptorStream::Buffer::overflow(int_type c) {
    if (sync() != 0) return traits_type::eof();
    if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
    *pptr() = traits_type::to_char_type(c);
    pbump(1);
    return c;
}

std::streamsize DescriptorStream::Buffer::xsputn(const char* bytes, std::streamsize count) {
    if (count > epptr() - pptr() && sync() != 0) return 0;
    if (count > epptr() - pptr()) return put(bytes, static_cast<std::size_t>(count)) ? count : 0;
    std::memcpy(pptr(), bytes, static_cast<std::size_t>(count));
    pbump(static_cast<int>(count));
    return count;
}

int DescriptorStream::Buffer::sync() {
    const bool isPut = put(pbase(), static_cast<std::size_t>(pptr() - pbase()));
    setp(m_bytes.data(), m_bytes.data() + m_bytes.size());
    return isPut ? 0 : -1;
}

bool DescriptorStream::Buffer::put(const char* bytes, std::size_t count) {
    while (count > 0 && m_error == 0) {
        const auto done = ::write(m_descriptor, bytes, count);
        if (done > 0) {
            bytes += done;
            count -= static_cast<std::size_t>(done);
        } else if (done < 0 && errno == EAGAIN) {
            pollfd place{m_descriptor, POLLOUT, 0};  // wait, since another program made it non-blocking
            ::poll(&place, 1, -1);
        } else if (done == 0 || errno != EINTR) {
            m_error = done == 0 ? EIO : errno;
        }
    }
    return m_error == 0;
}

}  // namespace alloclens
