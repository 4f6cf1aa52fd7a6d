// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/spool.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <system_error>
#include <unistd.h>
#include <vector>

#include "core/base/memory.h"
#include "core/base/parallel.h"
#include "core/base/units.h"

namespace alloclens {
namespace {

Result<DecompressOutcome> copyPlain(const ReadFunction& read, const WriteFunction& write) {
    std::vector<char> buffer(std::size_t{256} * 1024);
    while (true) {
        const auto got = read(buffer.data(), buffer.size());
        if (!got) return got.error();
        if (*got == 0) return DecompressOutcome{};
        if (const auto written = write(buffer.data(), *got); !written) return written.error();
    }
}

}  // namespace

Spool::Spool(SpoolSource source, const TaskContext& task) : m_source(std::move(source)), m_task(task) {}

Spool::~Spool() {
    m_thread.request_stop();
    if (m_thread.joinable()) m_thread.join();
}

Result<std::unique_ptr<Spool>> Spool::start(SpoolSource source, const TaskContext& task) {
    std::unique_ptr<Spool> spool(new Spool(std::move(source), task));
    if (const auto created = spool->create(); !created) return created.error();
    try {
        spool->m_thread = std::jthread([copy = spool.get()](const std::stop_token& stop) { copy->copy(stop); });
    } catch (const std::system_error&) {
        return noThread({});
    }
    return spool;
}

Result<void> Spool::create() {
    const char* folder = std::getenv("TMPDIR");
    m_folder = folder && *folder ? folder : "/tmp";
    std::string name = m_folder + "/alloclens-XXXXXX";
    m_file = FileHandle(::mkostemp(name.data(), O_CLOEXEC));
    if (!m_file.isOpen()) return failure();
    ::unlink(name.c_str());
    return {};
}

void Spool::copy(const std::stop_token& stop) {
    const ReadFunction read = [this, &stop](char* buffer, std::size_t want) { return this->read(buffer, want, stop); };
    const WriteFunction write = [this](const char* bytes, std::size_t count) { return this->write(bytes, count); };
    Result<DecompressOutcome> outcome = DecompressOutcome{};
    try {
        outcome = m_source.compression == Compression::None ? copyPlain(read, write)
                                                            : decompress(m_source.compression, read, write);
    } catch (const std::bad_alloc&) {  // not on this thread: who reads the copy has to hear of it
        outcome = outOfMemory({});
    }
    const std::lock_guard lock(m_mutex);
    m_outcome = std::move(outcome);
    m_isFinished = true;
    m_changed.notify_all();
}

Result<std::size_t> Spool::read(char* buffer, std::size_t size, const std::stop_token& stop) {
    if (stop.stop_requested() || m_task.isCancelled()) return TaskContext::cancelled();
    if (!m_source.head.empty()) {
        const std::size_t taken = std::min(size, m_source.head.size());
        std::memcpy(buffer, m_source.head.data(), taken);
        m_source.head.erase(0, taken);
        return taken;
    }
    const auto got = m_source.file.read(buffer, size);
    if (!got) return got.error();
    const std::lock_guard lock(m_mutex);
    m_read += *got;
    return *got;
}

Result<void> Spool::write(const char* bytes, std::size_t size) {
    while (size > 0) {
        const auto done = ::write(m_file.descriptor(), bytes, size);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return failure();
        bytes += done;
        size -= static_cast<std::size_t>(done);
        const std::lock_guard lock(m_mutex);
        m_written += static_cast<std::uint64_t>(done);
        m_changed.notify_all();
    }
    return {};
}

Error Spool::failure() const {
    return {ErrorKind::Input,
            fmt::format("cannot hold a temporary copy of the input ({} so far): {}", formatBytes(written()),
                        std::strerror(errno)),
            m_folder, "Free some room there, or set TMPDIR to a folder with more."};
}

Result<std::uint64_t> Spool::bytesFrom(std::uint64_t offset, std::uint64_t want) {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_isFinished || m_written >= offset + want; });
    if (m_written < offset + want && !m_outcome) return m_outcome.error();
    return std::min(want, m_written - std::min(offset, m_written));
}

Result<std::uint64_t> Spool::size() {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_isFinished; });
    if (!m_outcome) return m_outcome.error();
    return m_written;
}

bool Spool::isCutShort() {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_isFinished; });
    return m_outcome && m_outcome->cutShort;
}

double Spool::fraction() const {
    const std::lock_guard lock(m_mutex);
    if (m_source.expected == 0) return 0;
    return std::min(1.0, static_cast<double>(m_read) / static_cast<double>(m_source.expected));
}

std::uint64_t Spool::written() const {
    const std::lock_guard lock(m_mutex);
    return m_written;
}

}  // namespace alloclens
