// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/spool.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

#include "core/base/memory.h"
#include "core/base/parallel.h"
#include "core/base/units.h"

namespace alloclens {
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
    m_folder = temporaryFolder();
    std::string name = m_folder + "/alloclens-XXXXXX";
    m_file = FileHandle(::mkostemp(name.data(), O_CLOEXEC));
    if (!m_file.isOpen()) {
        const bool isFull = errno == ENOSPC || errno == EDQUOT;
        Error error = failure(std::strerror(errno));
        if (!isFull) error.advice = "Set TMPDIR to a folder that you may write to.";
        return error;
    }
    ::unlink(name.c_str());
    // Compressed text needs more room unpacked. UTF-16 needs at least half of its size as UTF-8.
    const auto space = spaceOf(m_file.descriptor());
    if (space && space->free < m_source.expected / 2 + keptFree(*space)) return noRoom(*space);
    return {};
}

void Spool::copy(const std::stop_token& stop) {
    auto outcome = copyAll(stop);
    const std::lock_guard lock(m_mutex);
    m_outcome = std::move(outcome);
    m_isFinished = true;
    m_changed.notify_all();
}

Result<UnwrapOutcome> Spool::copyAll(const std::stop_token& stop) {
    try {
        Unwrapper unwrapper([this](const char* bytes, std::size_t count) { return write(bytes, count); });
        std::vector<char> buffer(std::size_t{256} * 1024);
        while (true) {
            const auto got = read(buffer.data(), buffer.size(), stop);
            if (!got) return got.error();
            if (*got == 0) break;
            const auto wantsMore = unwrapper.take(std::string_view(buffer.data(), *got));
            if (!wantsMore) return wantsMore.error();
            if (!*wantsMore) break;
        }
        return unwrapper.finish();
    } catch (const std::bad_alloc&) {
        return outOfMemory({});
    }
}

Result<std::size_t> Spool::read(char* buffer, std::size_t size, const std::stop_token& stop) {
    if (stop.stop_requested() || m_task.isCancelled()) return TaskContext::cancelled();
    const auto got = m_source.file.read(buffer, size);
    if (!got) return got.error();
    const std::lock_guard lock(m_mutex);
    m_read += *got;
    return *got;
}

Result<void> Spool::write(const char* bytes, std::size_t size) {
    constexpr std::uint64_t kBetweenLooks = std::uint64_t{1} << 20;
    while (size > 0) {
        const auto done = ::write(m_file.descriptor(), bytes, size);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return failure(std::strerror(errno));
        bytes += done;
        size -= static_cast<std::size_t>(done);
        std::uint64_t before = 0;
        {
            const std::lock_guard lock(m_mutex);
            before = std::exchange(m_written, m_written + static_cast<std::uint64_t>(done));
            m_changed.notify_all();
        }
        if (before / kBetweenLooks != (before + static_cast<std::uint64_t>(done)) / kBetweenLooks) {
            const auto space = spaceOf(m_file.descriptor());
            if (space && space->free < keptFree(*space)) return noRoom(*space);
        }
    }
    return {};
}

Error Spool::noRoom(const Space& space) const {
    return failure(fmt::format("{} of {} are free there, and AllocLens keeps {} free", formatBytes(space.free),
                               formatBytes(space.total), formatBytes(keptFree(space))));
}

Error Spool::failure(const std::string& why) const {
    const std::string soFar = written() > 0 ? fmt::format(" ({} so far)", formatBytes(written())) : std::string();
    return {ErrorKind::Input, fmt::format("cannot hold a temporary copy of the input{}: {}", soFar, why), m_folder,
            "Free some space there, or set TMPDIR to a folder with more space."};
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

UnwrapOutcome Spool::outcome() {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_isFinished; });
    return m_outcome ? *m_outcome : UnwrapOutcome{};
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
