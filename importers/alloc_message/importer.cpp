// SPDX-License-Identifier: GPL-3.0-or-later
//
// Captures of the tracker's messages as they were sent on its socket (docs/formats/alloc-message.md).
#include "importers/importer.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "importers/alloc_message/capture_reader.h"
#include "importers/alloc_message/framer.h"
#include "importers/alloc_message/growing_capture.h"

namespace alloclens {
namespace alloc_message {
namespace {

constexpr std::size_t kHeadBytes = 256 * 1024;

// What a framer would make of the first bytes. Text has next to no byte that could be a type with zeros around it.
Sniff sniff(const Input& input) {
    const std::string head = input.head(kHeadBytes);
    Framer framer;
    framer.feed(head.data(), head.size());
    framer.finish();
    std::uint64_t covered = 0;
    for (Record record; framer.next(record);) covered += record.size;
    constexpr std::uint64_t kOneInForPossible = 16;
    if (covered * 2 >= head.size() && covered > 0) return Sniff::Certain;
    // A little of it could be a log's run of NUL bytes; a log has more text than anything else.
    const auto isText = [](char c) { return c >= ' ' || c == '\n'; };
    const auto text = static_cast<std::uint64_t>(std::count_if(head.begin(), head.end(), isText));
    const bool isMostlyText = text * 2 > head.size();
    return covered * kOneInForPossible >= head.size() && covered > 0 && !isMostlyText ? Sniff::Possible : Sniff::No;
}

Result<Trace> read(Input&& input, const ReadOptions& options, const TaskContext& task) {
    CaptureReader reader(input, options);
    const auto done = reader.readOn(std::numeric_limits<std::uint64_t>::max(), task);
    const auto ended = done ? reader.end() : Result<void>(done.error());
    if (!ended) {
        Error error = ended.error();
        if (error.where.empty() && error.kind != ErrorKind::Cancelled) error.where = input.path();
        return error;
    }
    if (!reader.hasRecords()) {
        return Error{ErrorKind::Format, "has no messages of a tracked program", input.path(),
                     "A capture has the bytes that programs sent to the tracking server's socket."};
    }
    return reader.finish(input.releaseFile());
}

}  // namespace
}  // namespace alloc_message

const Importer& alloc_message_importer() {
    static constexpr Importer kImporter = {"alloc-message",
                                           "Capture of messages",
                                           "messages to the tracking server as they were sent, all record sizes",
                                           alloc_message::sniff,
                                           alloc_message::read,
                                           alloc_message::growingCapture};
    return kImporter;
}

}  // namespace alloclens
