// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/report.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "core/report/parts.h"

namespace alloclens {

std::span<const Report> reports() {
    static constexpr Report kReports[] = {
        {"summary", "text", writeSummaryText},     {"summary", "json", writeSummaryJson},
        {"findings", "text", writeFindingsText},   {"findings", "json", writeFindingsJson},
        {"findings", "csv", writeFindingsCsv},     {"findings", "markdown", writeFindingsMarkdown},
        {"findings", "html", writeFindingsHtml},   {"findings", "sarif", writeFindingsSarif},
        {"events", "text", writeEventsText},       {"events", "json", writeEventsJson},
        {"events", "csv", writeEventsCsv},         {"addresses", "text", writeAddressesText},
        {"addresses", "json", writeAddressesJson}, {"addresses", "csv", writeAddressesCsv},
        {"ledger", "text", writeLedgerText},       {"ledger", "json", writeLedgerJson},
        {"mesh", "text", writeMeshText},           {"mesh", "json", writeMeshJson},
        {"guards", "text", writeGuardsText},       {"guards", "json", writeGuardsJson},
        {"guards", "csv", writeGuardsCsv},
    };
    return kReports;
}

const Report* findReport(std::string_view subject, std::string_view format) {
    for (const Report& report : reports()) {
        if (report.subject == subject && report.format == format) return &report;
    }
    return nullptr;
}

namespace {

Error writeFailure(const std::string& path, int code) {
    return {ErrorKind::Output, fmt::format("cannot be written: {}", std::strerror(code)), path,
            "Nothing was left behind. Choose another place, or free some room."};
}

}  // namespace

Result<void> replaceFileWhole(const std::string& path,
                              const std::function<Result<void>(const std::string& file)>& write) {
    namespace fs = std::filesystem;
    std::error_code ignored;
    if (fs::is_symlink(path, ignored)) {
        // The link stays and what it names is replaced; where that is nothing yet, it is not known what it would be.
        const fs::path target = fs::canonical(path, ignored);
        return target.empty() ? write(path) : replaceFileWhole(target.string(), write);
    }
    const fs::file_status existing = fs::status(path, ignored);
    if (existing.type() == fs::file_type::directory) return writeFailure(path, EISDIR);
    // A device or a pipe, such as /dev/stdout, is written to and not replaced.
    const bool isReplaced = existing.type() == fs::file_type::not_found || existing.type() == fs::file_type::regular;
    if (!isReplaced) return write(path);
    std::string temporary = path + ".XXXXXX";
    const int descriptor = ::mkstemp(temporary.data());
    if (descriptor < 0) return writeFailure(path, errno);
    const mode_t mask = ::umask(0);
    ::umask(mask);
    constexpr mode_t kEveryone = 0666;
    ::fchmod(descriptor, kEveryone & ~mask);
    ::close(descriptor);
    Result<void> written = write(temporary);
    if (written && std::rename(temporary.c_str(), path.c_str()) != 0) written = writeFailure(path, errno);
    if (!written) ::unlink(temporary.c_str());
    return written;
}

Result<void> writeFileWhole(const std::string& path, const std::function<Result<void>(std::ostream&)>& write) {
    return replaceFileWhole(path, [&path, &write](const std::string& file) {
        errno = 0;
        std::ofstream out(file, std::ios::binary);
        Result<void> written = out ? write(out) : Result<void>(writeFailure(path, errno));
        out.close();
        if (written && !out) written = writeFailure(path, errno != 0 ? errno : EIO);
        return written;
    });
}

}  // namespace alloclens
