// SPDX-License-Identifier: GPL-3.0-or-later
//
// The list of formats that AllocLens can read. A format recognises itself by content, never by a file's name, and turns
// an Input into a Trace. To add one: make a folder here with its grammar and reader, and add its name to the list in
// importers/CMakeLists.txt.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/task.h"
#include "core/trace/trace.h"
#include "importers/alloc_message/message.h"
#include "importers/input.h"

namespace alloclens {

/// How sure a format is that an input is its own. Marked: the input begins with the format's signature.
enum class Sniff { No, Possible, Certain, Marked };

struct ReadOptions {
    unsigned threads = 0;  ///< 0: one for each core. The result does not depend on it.
    /// For captured messages, which lack the server's answers: the rules to derive them, and how clients number
    /// memories.
    TrackerRules rules;
    alloc_message::BufferTypes bufferTypes = alloc_message::BufferTypes::Cpp;
    /// The option that names a format, for error texts: "--input-format". Empty if there is none.
    std::string_view formatOption;
    /// For a log of several servers: reads only lines with this tag. Empty reads all.
    std::string stream;
    std::uint64_t memory = 0;  ///< bytes that reading and analysing may take; 0: what the system has
    /// Called on the reading thread with a trace of what was read so far. A large source calls it a few times, each
    /// time with several times as much; a small one never. Event ids and lines are those of the finished trace. Ids of
    /// keys, processes and lifetimes are not.
    std::function<void(std::shared_ptr<const Trace>)> onPart;
};

/// What was read of a file that another program is still writing. Used by one thread.
class GrowingSource {
public:
    GrowingSource() = default;
    GrowingSource(const GrowingSource&) = delete;
    GrowingSource& operator=(const GrowingSource&) = delete;
    virtual ~GrowingSource() = default;
    /// Reads what is new and complete in the input, about 32 MiB at most. Returns false if there was nothing. Errors:
    /// as for reading.
    [[nodiscard]] virtual Result<bool> readOn(const Input& input, const TaskContext& task) = 0;
    /// The trace of what was read so far. With `isEnd` it includes an incomplete end, such as a line without a newline,
    /// as if the file ended there.
    [[nodiscard]] virtual Result<Trace> trace(const Input& input, bool isEnd) const = 0;
    [[nodiscard]] virtual std::size_t events() const = 0;
    /// How many bytes from the beginning were read; 0 if isIntact() does not need a comparison of bytes.
    [[nodiscard]] virtual std::uint64_t bytesRead() const { return 0; }
    /// Whether the file still has what was read, after `change`. If not, it is read again from the beginning.
    [[nodiscard]] virtual bool isIntact(const Input&, Input::Change change) { return change != Input::Change::Shrunk; }
};

struct Importer {
    std::string_view name;         ///< stable: "server-log"
    std::string_view title;        ///< for people
    std::string_view description;  ///< one line
    /// Looks at the beginning of the input.
    Sniff (*sniff)(const Input& input);
    /// Reads all of it. Errors: reading failed; it is not of this format after all; it needs too much memory;
    /// cancelled.
    Result<Trace> (*read)(Input&& input, const ReadOptions& options, const TaskContext& task);
    /// Null for formats that cannot be read before they are complete.
    std::unique_ptr<GrowingSource> (*grow)(const ReadOptions& options) = nullptr;
    /// Consists of lines of text: holes in the file are skipped, and parts of a rotated log are read as one source.
    bool isText = false;
};

using ImporterEntry = const Importer& (*)();
/// One entry for each format, in the order of the list.
[[nodiscard]] std::span<const ImporterEntry> importers();

/// The format that recognises the input, or the format `formatName` if that is not empty. Errors: no format recognises
/// it, with what the file looks like if that is known; several do; the name is unknown. `formatOption` as in
/// ReadOptions.
[[nodiscard]] Result<const Importer*> chooseImporter(const Input& input, const std::string& formatName,
                                                     std::string_view formatOption);

struct ReadFiles {
    std::shared_ptr<const Trace> trace;
    std::vector<std::string> notes;  ///< for people: what was left out, and the order of the files
};
/// Reads several files as one text, such as the parts of a rotated log. The order is that of `paths`, or with
/// `findsOrder` the order that file_order.h finds. Leaves out duplicates and empty files. Errors: as readTrace; a file
/// is not text.
[[nodiscard]] Result<ReadFiles> readTraceOfFiles(const std::vector<std::string>& paths, bool findsOrder,
                                                 const std::string& formatName, const ReadOptions& options,
                                                 const TaskContext& task);

/// Opens `path` ("-" is standard input) and reads it in the format that recognises it, or in `formatName` if that is
/// not empty. Errors: those of Input::open, of chooseImporter and of reading.
[[nodiscard]] Result<std::shared_ptr<const Trace>> readTrace(const std::string& path, const std::string& formatName,
                                                             const ReadOptions& options, const TaskContext& task);

}  // namespace alloclens
