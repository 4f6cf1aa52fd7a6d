// SPDX-License-Identifier: GPL-3.0-or-later
//
// The server's tables of circular buffers and kernels, with its arithmetic: it adds and subtracts whatever sizes
// clients send, so sums may wrap below zero. Owned by Interpreter and used by its thread.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/trace/event.h"
#include "core/trace/trace_builder.h"
#include "importers/alloc_message/owned_table.h"

namespace alloclens::alloc_message {

class CodeMemory {
public:
    struct Kernel {
        std::uint64_t size = 0;
        std::int32_t owner = 0;
        std::uint8_t type = 0;    ///< 0 application, 1 fabric, 2 dispatch
        std::int64_t loaded = 0;  ///< ns since 1970
    };
    struct Sums {
        std::uint64_t circularBuffers = 0;
        std::uint64_t kernels = 0;
    };
    struct Removed {
        std::uint64_t circularBuffers = 0;
        std::uint64_t circularBufferBytes = 0;
        std::uint64_t kernels = 0;
        std::uint64_t kernelBytes = 0;
        std::size_t steps = 0;  ///< entries looked at
    };

    /// Sets a circular buffer, whatever was there, and adds its size to the sum.
    void allocate(const AddressKey& key, std::uint64_t size, std::int32_t owner);
    /// Subtracts `size`, which the free says, and removes the buffer if there is one.
    void release(const AddressKey& key, std::uint64_t size);
    void load(const AddressKey& key, const Kernel& kernel);
    /// Removes the kernel there, subtracts `size`, and returns its type. If there is none, changes nothing and returns
    /// none.
    std::optional<std::uint8_t> unload(const AddressKey& key, std::uint64_t size);
    /// Removes all entries of an owner.
    Removed sweep(std::int32_t owner);

    [[nodiscard]] bool isOwner(std::int32_t pid) const {
        return m_circularBuffers.isOwner(pid) || m_kernels.isOwner(pid);
    }
    [[nodiscard]] Sums sums(std::int32_t device) const;
    /// All kernels, in any order.
    [[nodiscard]] std::vector<std::pair<AddressKey, Kernel>> kernels() const;
    [[nodiscard]] std::size_t kernelCount() const { return m_kernels.size(); }
    /// Entries that were dropped because there were too many.
    [[nodiscard]] std::uint64_t overflow() const { return m_overflow; }

private:
    struct CircularBuffer {
        std::uint64_t size = 0;
        std::int32_t owner = 0;
    };
    template <typename Held>
    void put(OwnedTable<Held>& table, const AddressKey& key, const Held& held);

    OwnedTable<CircularBuffer> m_circularBuffers;
    OwnedTable<Kernel> m_kernels;
    std::unordered_map<std::int32_t, Sums> m_sums;  ///< by device
    std::uint64_t m_overflow = 0;
};

}  // namespace alloclens::alloc_message
