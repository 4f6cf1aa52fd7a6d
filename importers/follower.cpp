// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/follower.h"

#include <cerrno>
#include <cstring>
#include <new>
#include <sys/stat.h>
#include <utility>

#include "core/base/memory.h"

namespace alloclens {
namespace {

Result<std::uint64_t> plainFileSize(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        return Error{ErrorKind::Input, errno == ENOENT ? "does not exist" : std::strerror(errno), path,
                     "Check the name."};
    }
    if (!S_ISREG(status.st_mode)) {
        return Error{ErrorKind::Input, "cannot be followed: it is not a file on disk", path,
                     "Make its writer write to a file."};
    }
    return static_cast<std::uint64_t>(status.st_size);
}

}  // namespace

Result<Follower> Follower::open(std::string path, std::string formatName, const ReadOptions& options,
                                const TaskContext& task) {
    if (const auto size = plainFileSize(path); !size) return size.error();
    Follower follower(std::move(path), std::move(formatName), options);
    if (const auto begun = follower.begin(task); !begun) return begun.error();
    return follower;
}

// Waits for the first word, since less cannot be recognised.
Result<Follower::Step> Follower::begin(const TaskContext& task) {
    constexpr std::uint64_t kLeast = 8;
    const auto size = plainFileSize(m_path);
    if (!size || *size < kLeast) return Step::Nothing;  // between a rotation and the first line
    auto input = Input::open(m_path, task);
    if (!input) return input.error();
    if (!input->isPlainFile()) {
        return Error{ErrorKind::Input, "is compressed or not in UTF-8, so it cannot be followed", m_path,
                     "Open it instead."};
    }
    const auto importer = chooseImporter(*input, m_formatName, m_options.formatOption);
    // Maybe not even one record of a capture has come.
    constexpr std::uint64_t kLongestRecord = 648;
    if (!importer && m_formatName.empty() && *size < kLongestRecord) return Step::Nothing;
    if (!importer) return importer.error();
    if ((*importer)->grow == nullptr) {
        return Error{ErrorKind::Input, "has a format that AllocLens cannot read before the file is complete", m_path,
                     "Open it instead."};
    }
    if ((*importer)->isText) input->leaveOutHoles();
    m_input = std::make_unique<Input>(std::move(*input));
    m_source = (*importer)->grow(m_options);
    return Step::Grown;
}

Result<Follower::Step> Follower::beginAnew(Step why) {
    m_input.reset();
    m_source.reset();
    m_fingerprint = {};
    m_missed = 0;
    return why;
}

// The file may be cut or overwritten at any time, also between look and read. So it compares what was read before and
// after.
Result<Follower::Step> Follower::advance(const TaskContext& task) {
    try {
        if (!m_input) {
            const auto begun = begin(task);
            if (!begun || *begun == Step::Nothing) return begun;
        }
        const Input::Change change = m_input->look();
        if (!m_source->isIntact(*m_input, change)) return beginAnew(Step::Truncated);
        if (!m_fingerprint.matches(*m_input)) return beginAnew(Step::Rewritten);
        const auto read = m_source->readOn(*m_input, task);
        if (!read) {
            const bool isGone = read.error().kind == ErrorKind::Input
                                && (!m_source->isIntact(*m_input, m_input->look()) || !m_fingerprint.matches(*m_input));
            return isGone ? beginAnew(Step::Truncated) : read.error();
        }
        if (*read) {
            if (!m_fingerprint.matches(*m_input)) return beginAnew(Step::Rewritten);
            m_fingerprint.take(*m_input, m_source->bytesRead());
            m_missed = 0;
            return Step::Grown;
        }
        if (change == Input::Change::Replaced) return beginAnew(Step::Replaced);
        // A rotation removes the name for a moment.
        constexpr unsigned kPatience = 10;
        m_missed = change == Input::Change::Removed ? m_missed + 1 : 0;
        return m_missed == kPatience ? Step::Removed : Step::Nothing;
    } catch (const std::bad_alloc&) {
        return outOfMemory(m_path);
    }
}

Result<std::shared_ptr<const Trace>> Follower::trace(bool isEnd) const {
    if (!m_source) {
        return Error{ErrorKind::Input, "is still empty", m_path, "Check that its writer has started."};
    }
    try {
        auto trace = m_source->trace(*m_input, isEnd);
        if (!trace) return trace.error();
        return std::shared_ptr<const Trace>(std::make_shared<Trace>(std::move(*trace)));
    } catch (const std::bad_alloc&) {
        return outOfMemory(m_path);
    }
}

}  // namespace alloclens
