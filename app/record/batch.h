// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the recorder's thread hands on at a time: a block of the trace, and the texts that the echo prints besides the
// event lines. The recorder's thread fills it; then the threads of trace and echo share it unchanged.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "importers/alloc_message/code_memory.h"
#include "importers/native/writer.h"

namespace alloclens::record {

/// The data of a report of all kernels.
struct KernelReport {
    std::vector<std::pair<AddressKey, alloc_message::CodeMemory::Kernel>> kernels;
    std::int64_t now = 0;  ///< ns since 1970
};

/// A text of the server other than an event line.
struct EchoText {
    std::size_t before = 0;      ///< printed before this event of the batch
    bool replacesEvent = false;  ///< printed instead of that event's line
    bool isComplaint = false;    ///< printed on standard error
    std::string text;
    std::shared_ptr<const KernelReport> kernels;  ///< formatted when it is printed, since it may be very long
};

struct Batch {
    native::Block block;
    std::uint64_t messages = 0;  ///< received meanwhile, with or without a trace in the block
    std::vector<EchoText> echo;
    std::size_t echoBytes = 0;  ///< size of all texts

    [[nodiscard]] bool isEmpty() const {
        return block.lines == 0 && echo.empty() && block.gaps.empty() && block.diagnostics.total() == 0
               && messages == 0;
    }
    /// About how much memory it takes.
    [[nodiscard]] std::size_t bytes() const {
        return sizeof(Batch) + block.events.capacity() * sizeof(TracePart::Event)
               + block.facts.capacity() * sizeof(PrintedFact) + echo.capacity() * sizeof(EchoText) + echoBytes
               + block.text.capacity() + block.attributeTables.bytes();
    }
};

}  // namespace alloclens::record
