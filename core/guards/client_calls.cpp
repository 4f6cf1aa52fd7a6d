// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/guards/client_calls.h"

#include <utility>

namespace alloclens {

ClientCalls::ClientCalls(std::size_t keys, std::size_t processes) : m_holder(keys, kNone), m_lives(processes, 0) {}

void ClientCalls::allocate(AddressId key, std::uint32_t process) {
    const std::uint32_t number = use(key, process);
    CallsSoFar& calls = m_uses[number].calls;
    if (calls.open > 0) unchain(number);
    ++calls.open;
    calls.hasAllocated = true;
    calls.isLastAllocation = true;
    chain(number);
}

void ClientCalls::release(AddressId key, std::uint32_t process) {
    const std::uint32_t number = use(key, process);
    CallsSoFar& calls = m_uses[number].calls;
    if (calls.open == 1) unchain(number);
    if (calls.open > 0) --calls.open;
    calls.hasFreed = true;
    calls.isLastAllocation = false;
}

void ClientCalls::die(std::uint32_t process) { ++m_lives[process]; }

std::uint32_t ClientCalls::senderBy(AddressId key, std::uint32_t owner) {
    if (m_uses[use(key, owner)].calls.open > 0) return owner;
    const std::uint32_t first = holder(key);
    return first == kNone ? owner : m_uses[first].process;
}

void ClientCalls::releaseAll(AddressId key) {
    for (std::uint32_t number = holder(key); number != kNone; number = holder(key)) {
        CallsSoFar& calls = m_uses[number].calls;
        calls.open = 0;
        calls.hasFreed = true;
        calls.isLastAllocation = false;
        unchain(number);
    }
}

std::uint32_t ClientCalls::use(AddressId key, std::uint32_t process) {
    constexpr unsigned kHalf = 32;
    const std::uint32_t number = m_numbers.intern(std::uint64_t{key.value} << kHalf | process);
    if (number == m_uses.size()) m_uses.push_back({{}, key.value, process, m_lives[process]});
    Use& found = m_uses[number];
    if (found.life != m_lives[process]) {
        if (found.calls.open > 0) unchain(number);
        found.calls = {};
        found.life = m_lives[process];
    }
    return number;
}

std::uint32_t ClientCalls::holder(AddressId key) {
    for (;;) {
        const std::uint32_t first = m_holder[key.index()];
        if (first == kNone || m_uses[first].life == m_lives[m_uses[first].process]) return first;
        static_cast<void>(use(key, m_uses[first].process));  // forgets it
    }
}

void ClientCalls::chain(std::uint32_t use) {
    Use& added = m_uses[use];
    added.previous = kNone;
    added.next = std::exchange(m_holder[added.key], use);
    if (added.next != kNone) m_uses[added.next].previous = use;
}

void ClientCalls::unchain(std::uint32_t use) {
    const Use& removed = m_uses[use];
    if (removed.next != kNone) m_uses[removed.next].previous = removed.previous;
    if (removed.previous != kNone) {
        m_uses[removed.previous].next = removed.next;
    } else {
        m_holder[removed.key] = removed.next;
    }
}

}  // namespace alloclens
