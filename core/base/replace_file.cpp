// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/replace_file.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <random>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utility>

#include "core/base/descriptor_stream.h"
#include "core/base/output_place.h"

namespace alloclens {
namespace {

constexpr mode_t kEveryone = 0666;
constexpr mode_t kOwnerOnly = 0600;
constexpr mode_t kGroup = 0070;
constexpr mode_t kPermissions = 0777;

class Descriptor {
public:
    explicit Descriptor(int number) : m_number(number) {}
    ~Descriptor() {
        if (m_number >= 0) ::close(m_number);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int number() const { return m_number; }
    /// Returns the errno of closing: some file systems report a full disk only here.
    [[nodiscard]] int close() { return ::close(std::exchange(m_number, -1)) == 0 ? 0 : errno; }

private:
    int m_number;
};

std::string temporaryName(const std::string& folder) {
    std::random_device random;
    return fmt::format("{}/.alloclens-{:08x}{:08x}", folder, random(), random());
}

/// The file that receives a result until it is complete.
class Draft {
public:
    /// After a failure the descriptor is negative and errno says why.
    Draft(std::string folder, mode_t mode) : m_folder(std::move(folder)), m_file(openNameless(mode)) {
        if (m_file.number() < 0) openNamed(mode);
    }
    ~Draft() {
        if (!m_name.empty()) ::unlink(m_name.c_str());
        if (m_named >= 0) ::close(m_named);
    }
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;

    [[nodiscard]] int descriptor() const { return m_named >= 0 ? m_named : m_file.number(); }

    /// Gives the file its name. Returns the errno of the failure, or 0.
    [[nodiscard]] int takeName(const std::string& path, Existing existing, bool isThere) {
        if (m_name.empty() && !isThere) {
            const int code = link(path);
            if (code != EEXIST || existing == Existing::Kept) return code;
        }
        if (m_name.empty()) {
            std::string name = temporaryName(m_folder);
            if (const int code = link(name); code != 0) return code;
            m_name = std::move(name);
        }
        if (existing == Existing::Kept) return ::link(m_name.c_str(), path.c_str()) == 0 ? 0 : errno;
        if (::rename(m_name.c_str(), path.c_str()) != 0) return errno;
        m_name.clear();
        return 0;
    }

private:
    [[nodiscard]] int openNameless(mode_t mode) const {
        // Linking it later needs /proc.
        if (::access("/proc/self/fd", X_OK) != 0) return -1;
        return ::open(m_folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
    }
    void openNamed(mode_t mode) {
        constexpr int kTries = 100;
        for (int i = 0; i < kTries; ++i) {
            std::string name = temporaryName(m_folder);
            m_named = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
            if (m_named >= 0) m_name = std::move(name);
            if (m_named >= 0 || errno != EEXIST) return;
        }
    }
    [[nodiscard]] int link(const std::string& name) const {
        const std::string self = fmt::format("/proc/self/fd/{}", m_file.number());
        return ::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0 ? 0 : errno;
    }

    std::string m_folder;
    std::string m_name;  ///< empty for a nameless file
    Descriptor m_file;
    int m_named = -1;
};

/// Copies mode, access list, owner and group of the old file, as far as the system allows it.
void keepRights(int descriptor, const std::string& old, const struct stat& status) {
    mode_t mode = status.st_mode & kPermissions;
    if (::fchown(descriptor, status.st_uid, status.st_gid) != 0
        && ::fchown(descriptor, static_cast<uid_t>(-1), status.st_gid) != 0)
        mode &= ~kGroup;  // another group must not get them
    ::fchmod(descriptor, mode);
    constexpr const char* kAccessList = "system.posix_acl_access";
    std::array<char, 4096> list{};
    const auto size = ::getxattr(old.c_str(), kAccessList, list.data(), list.size());
    if (size > 0) ::fsetxattr(descriptor, kAccessList, list.data(), static_cast<std::size_t>(size), 0);
}

/// Turns an error of the draft into one of the file that was asked for.
Error nothingLeft(const std::string& path, Error error) {
    if (error.kind != ErrorKind::Output) return error;
    error.where = path;
    error.advice = "Nothing was left behind. " + error.advice;
    return error;
}

Result<void> writeToWhatIsThere(const std::string& path, const OutputPlace& place,
                                const std::function<Result<void>(int)>& write) {
    Descriptor file(place.descriptor >= 0 ? ::fcntl(place.descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
                                          : ::open(place.path.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC));
    if (file.number() < 0) return writeFailure(path, errno);
    auto written = write(file.number());
    if (const int code = file.close(); written && code != 0) return writeFailure(path, code);
    return written;
}

}  // namespace

Result<void> replaceFile(const std::string& path, const InputFiles& inputs, Existing existing,
                         const std::function<Result<void>(int descriptor)>& write) {
    const auto found = findOutputPlace(path, inputs);
    if (!found) return found.error();
    const OutputPlace& place = *found;
    if (!place.isReplaced()) return writeToWhatIsThere(path, place, write);
    if (place.isThere && existing == Existing::Kept) return writeFailure(path, EEXIST);

    Draft draft(place.folder(), place.isThere ? kOwnerOnly : kEveryone);
    if (draft.descriptor() < 0) return writeFailure(path, errno);
    if (place.isThere) keepRights(draft.descriptor(), place.path, place.status);
    if (const auto written = write(draft.descriptor()); !written) return nothingLeft(path, written.error());
    // Some file systems report a full disk only when a descriptor is closed, so close a copy first.
    if (const int copy = ::dup(draft.descriptor()); copy >= 0 && ::close(copy) != 0)
        return nothingLeft(path, writeFailure(path, errno));
    if (const int code = draft.takeName(place.path, existing, place.isThere); code != 0)
        return nothingLeft(path, writeFailure(path, code));
    return {};
}

Result<void> writeFileWhole(const std::string& path, const InputFiles& inputs,
                            const std::function<Result<void>(std::ostream&)>& write) {
    return replaceFile(path, inputs, Existing::Replaced, [&](int descriptor) -> Result<void> {
        DescriptorStream out(descriptor);
        auto written = write(out);
        const int code = out.finish();
        if (written && code != 0) return writeFailure(path, code);
        return written;
    });
}

}  // namespace alloclens
