// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/native/event_words.h"

#include <fmt/format.h>

namespace alloclens::native {
namespace {

std::string idOf(const TracePart::Event& event, AddressForm form) {
    return form == AddressForm::Hexadecimal ? formatHex(event.key.address) : fmt::format("{}", event.key.address);
}

std::string deviceOf(const TracePart::Event& event) {
    return event.key.device == kNoDevice ? std::string() : fmt::format(" on device {}", event.key.device);
}

std::string headOf(const TracePart::Event& event) {
    return event.pid == kNoPid ? std::string() : fmt::format("[PID {}] ", event.pid);
}

std::uint64_t sizeOf(const TracePart::Event& event) { return event.size == kNoSize ? 0 : event.size; }

}  // namespace

std::string eventWords(const TracePart::Event& event, AddressForm form) {
    switch (event.kind) {
    case EventKind::Allocation:
        return fmt::format("\u2713 {}Allocated {} bytes of {}{} (buffer_id={}{})", headOf(event), sizeOf(event),
                           memoryName(event.memory), deviceOf(event), idOf(event, form),
                           event.refCount == 0 ? std::string() : fmt::format(", ref_count={}", event.refCount));
    case EventKind::PartialFree:
        return fmt::format("\u2717 {}Freed buffer {}{} ({} bytes, ref_count={} remaining)", headOf(event),
                           idOf(event, form), deviceOf(event), sizeOf(event), event.refCount);
    case EventKind::FinalFree:
        return fmt::format("\u2717 {}Freed buffer {}{} ({} bytes, FINAL)", headOf(event), idOf(event, form),
                           deviceOf(event), sizeOf(event));
    case EventKind::RefusedFree:
        return fmt::format("\u26a0 {}Deallocation for unknown buffer {}{} (allocated before tracking started)",
                           headOf(event), idOf(event, form), deviceOf(event));
    case EventKind::Sweep:
        return fmt::format("   \u2713 Removed {} buffers from PID {}", sizeOf(event),
                           event.pid == kNoPid ? 0 : event.pid);
    case EventKind::Restart: return "Allocation Server started";
    }
    return {};
}

}  // namespace alloclens::native
