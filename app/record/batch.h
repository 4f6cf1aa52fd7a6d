// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the recorder's thread hands on at a time: a block of the trace, and what the echo prints besides the lines of
// its events. Filled by that thread, then shared, unchanging, by the threads that write the trace and the echo.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/record/code_memory.h"
#include "importers/native/writer.h"

namespace alloclens::record {

/// What a report of all kernels is made of.
struct KernelReport {
    std::vector<std::pair<AddressKey, CodeMemory::Kernel>> kernels;
    std::int64_t now = 0;  ///< ns since 1970
};

/// A text of the server that is no event line.
struct EchoText {
    std::size_t before = 0;      ///< the event of the batch that it is printed before
    bool replacesEvent = false;  ///< that event is printed by this text alone
    bool isComplaint = false;    ///< printed on standard error
    std::string text;
    std::shared_ptr<const KernelReport> kernels;  ///< printed after the text, by who prints: it may be very long
};

struct Batch {
    native::Block block;
    std::uint64_t messages = 0;  ///< that came meanwhile, whether or not they left anything in the block
    std::vector<EchoText> echo;
    std::size_t echoBytes = 0;  ///< of all texts

    [[nodiscard]] bool isEmpty() const {
        return block.lines == 0 && echo.empty() && block.gaps.empty() && block.diagnostics.total() == 0
               && messages == 0;
    }
    /// What it takes of memory, about.
    [[nodiscard]] std::size_t bytes() const {
        return sizeof(Batch) + block.events.capacity() * sizeof(TracePart::Event)
               + block.facts.capacity() * sizeof(PrintedFact) + echo.capacity() * sizeof(EchoText) + echoBytes
               + block.text.capacity();
    }
};

}  // namespace alloclens::record
