// SPDX-License-Identifier: GPL-3.0-or-later
//
// The traced programs: several processes that allocate and free buffers on a mesh, mostly right and sometimes wrong,
// and what happens around them. Gives one message at a time in the order in which the server would read them. Each
// process works through its own plan, and they take turns in bursts, as with real clients on one socket.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "device_memory.h"
#include "message.h"
#include "random.h"
#include "recipe.h"

namespace alloclens::generator {

class Workload {
public:
    explicit Workload(const Recipe& recipe);

    // The next message, or nothing when every process has ended.
    [[nodiscard]] std::optional<Message> next();

    // While quiet, every message is an allocation, a free or a foreign line: one line each in a log of G0 to G3, but
    // for G1e.
    void setQuiet(bool quiet) { m_quiet = quiet; }

    // From now on the processes only free what they hold, save the leaks.
    void drain() { m_draining = true; }

    // A process dies next, apart from the deaths of the recipe.
    void killOne() { die(); }

private:
    struct Process {
        int id = 0;
        bool alive = true;
        std::deque<Message> pending;
        std::vector<Buffer> live;
        std::vector<Buffer> released;  // the latest ones, oldest first
    };

    [[nodiscard]] std::optional<Message> interlude();
    void plan(Process& process);
    void planWork(Process& process);
    void planTeardown(Process& process);
    void allocate(Process& process);
    void release(Process& process);
    void alias(Process& process);
    void freeAgain(Process& process);
    void freeUnknown(Process& process);
    void sendRejected(Process& process);
    void runProgram(Process& process);
    void die();

    void queueAllocation(std::deque<Message>& queue, const Buffer& buffer, int process);
    void queueFree(std::deque<Message>& queue, const Buffer& buffer, int process);
    [[nodiscard]] Process& turn();
    [[nodiscard]] std::uint64_t liveBuffers() const;
    [[nodiscard]] std::uint64_t heldKeys() const;

    Recipe m_recipe;
    const GenerationTraits& m_traits;
    Random m_random;
    DeviceMemory m_memory;
    std::vector<Process> m_processes;
    std::deque<Message> m_interludes;
    std::deque<Message> m_afterSweep;  // frees of what the next sweep will have removed
    std::size_t m_turn = 0;
    std::uint64_t m_sent = 0;   // allocations and frees
    std::uint64_t m_ticks = 0;  // messages
    std::uint64_t m_deaths = 0;
    std::uint64_t m_sweepAt = 0;  // tick of the server's next look for dead processes; 0: nobody died
    bool m_quiet = false;
    bool m_draining = false;
    bool m_toreDown = false;
};

}  // namespace alloclens::generator
