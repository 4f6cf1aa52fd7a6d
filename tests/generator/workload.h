// SPDX-License-Identifier: GPL-3.0-or-later
//
// The traced programs: several processes that allocate and free buffers on a mesh, mostly correctly, and the events
// around them. Returns messages in the order in which the server reads them. Each process follows its own plan; they
// take turns in bursts, as real clients on a socket do.
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

    // The next message, or none once every process has ended.
    [[nodiscard]] std::optional<Message> next();

    // While quiet, it sends only allocations, frees and foreign lines. Each is one line in logs of G0 to G3, except
    // G1e.
    void setQuiet(bool quiet) { m_quiet = quiet; }

    // From now on processes only free what they hold, except the leaks.
    void drain() { m_draining = true; }

    // Lets a process die next, in addition to the deaths of the recipe.
    void killOne() { die(); }

private:
    struct Process {
        int id = 0;
        bool alive = true;
        std::deque<Message> pending;
        std::vector<Buffer> live;
        std::vector<Buffer> released;  // the latest, oldest first
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
    std::uint64_t m_sweepAt = 0;  // tick of the server's next check for dead processes; 0: nobody died
    bool m_quiet = false;
    bool m_draining = false;
    bool m_toreDown = false;
};

}  // namespace alloclens::generator
