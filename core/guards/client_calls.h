// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the libraries of the traced programs know: for each process and address the calls so far, as the guards see
// them, and who holds an address, so that an accepted free can be given to somebody where the source names only the
// owner. Constant time a call, but for the processes that died holding an address, each of which is passed over once.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/id.h"
#include "core/base/interner.h"
#include "core/guards/guard.h"
#include "core/trace/trace_builder.h"

namespace alloclens {

class ClientCalls {
public:
    /// Processes are numbered below `processes`.
    ClientCalls(std::size_t keys, std::size_t processes);

    [[nodiscard]] CallsSoFar of(AddressId key, std::uint32_t process) { return m_uses[use(key, process)].calls; }
    void allocate(AddressId key, std::uint32_t process);
    void release(AddressId key, std::uint32_t process);
    /// A process is gone; another one may get its number.
    void die(std::uint32_t process);

    /// Who sent an accepted free of which only the owner is known: the owner while it has an allocation of the address
    /// open, else who allocated the address last and has not freed it, else the owner.
    [[nodiscard]] std::uint32_t senderBy(AddressId key, std::uint32_t owner);
    /// Whether any process has an allocation of the address open.
    [[nodiscard]] bool isHeld(AddressId key) { return holder(key) != kNone; }
    /// A line shows that the address was released, and the release is not in the source: nobody holds it any more.
    void releaseAll(AddressId key);

private:
    static constexpr std::uint32_t kNone = 0xFFFFFFFF;

    /// One process at one address. Those with an allocation open are chained by address, the latest first.
    struct Use {
        CallsSoFar calls;
        std::uint32_t key = 0;
        std::uint32_t process = 0;
        std::uint32_t life = 0;  ///< of its process; of an earlier one it is forgotten
        std::uint32_t previous = kNone;
        std::uint32_t next = kNone;
    };

    [[nodiscard]] std::uint32_t use(AddressId key, std::uint32_t process);
    [[nodiscard]] std::uint32_t holder(AddressId key);
    void chain(std::uint32_t use);
    void unchain(std::uint32_t use);

    Interner<std::uint64_t, NumberHash> m_numbers;  ///< of key and process
    std::vector<Use> m_uses;
    std::vector<std::uint32_t> m_holder;  ///< by AddressId: the first of its chain
    std::vector<std::uint32_t> m_lives;   ///< by process: how often it died
};

}  // namespace alloclens
