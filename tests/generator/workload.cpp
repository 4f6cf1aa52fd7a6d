// SPDX-License-Identifier: GPL-3.0-or-later
//
// The course of a run: whose turn it is, what happens in between, how it ends. actions.cpp has the single actions.
#include "workload.h"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "foreign_lines.h"

namespace alloclens::generator {

Workload::Workload(const Recipe& recipe)
    : m_recipe(recipe), m_traits(traitsOf(recipe.generation)), m_random(recipe.seed), m_memory(m_traits) {
    if (recipe.devices < 1 || recipe.devices > m_traits.maxDevices) {
        throw std::invalid_argument("devices must be between 1 and what the generation knows");
    }
    if (recipe.processes < 1) {
        throw std::invalid_argument("a run needs at least one process");
    }
    if (m_recipe.teardownFrees == 0) {
        m_recipe.teardownFrees = recipe.events / 50;
    }
    int id = recipe.firstProcessId;
    for (int number = 0; number < recipe.processes; ++number) {
        m_processes.emplace_back().id = id;
        id += static_cast<int>(m_random.between(1, 9));
    }
}

std::optional<Message> Workload::next() {
    std::optional<Message> message = interlude();
    while (!message) {
        Process& process = turn();
        if (process.pending.empty()) {
            plan(process);
        }
        if (!process.pending.empty()) {
            message = std::move(process.pending.front());
            process.pending.pop_front();
            // G0's answer to another buffer at a live key is not known, so its clients never send one.
            if (!m_traits.countsReferences && message->kind == MessageKind::Allocate && m_memory.differs(*message)) {
                message.reset();
            }
        } else if (m_draining && liveBuffers() <= m_recipe.leaks
                   && std::all_of(m_processes.begin(), m_processes.end(),
                                  [](const Process& p) { return p.pending.empty(); })) {
            return std::nullopt;
        }
    }
    ++m_ticks;
    m_sent += message->kind == MessageKind::Allocate || message->kind == MessageKind::Free ? 1U : 0U;
    m_memory.follow(*message);
    return message;
}

// Takes turns in bursts: about thirty messages of one process, then another.
Workload::Process& Workload::turn() {
    const bool idle = m_draining && m_processes[m_turn].pending.empty();
    if (!m_processes[m_turn].alive || idle || m_random.below(30) == 0) {
        do {
            m_turn = m_random.below(m_processes.size());
        } while (!m_processes[m_turn].alive);
    }
    return m_processes[m_turn];
}

// The next event between the processes' messages, if one is due.
std::optional<Message> Workload::interlude() {
    if (m_interludes.empty()) {
        const auto due = [this](std::uint64_t every) { return !m_quiet && every != 0 && m_ticks % every == every - 1; };
        if (m_recipe.foreignLines && m_random.below(60) == 0) {
            m_interludes.push_back({.kind = MessageKind::ForeignLine, .text = foreignLine(m_random, m_recipe.devices)});
        }
        if (due(m_recipe.statisticsEvery)) {
            m_interludes.push_back({.kind = MessageKind::StatisticsTick});
        }
        if (m_traits.dumps && due(m_recipe.dumpEvery)) {
            m_interludes.push_back({.kind = MessageKind::DumpRemaining});
            if (m_traits.tracksPrograms) {
                m_interludes.push_back({.kind = MessageKind::DumpKernels});
            }
        }
        if (m_sweepAt != 0 && m_ticks >= m_sweepAt && !m_quiet) {
            m_interludes.push_back({.kind = MessageKind::CleanupTick});
            m_interludes.insert(m_interludes.end(), m_afterSweep.begin(), m_afterSweep.end());
            m_afterSweep.clear();
            m_sweepAt = 0;
        }
        const bool deathDue = m_traits.sweeps && m_deaths < m_recipe.deaths
                              && m_sent >= m_recipe.events * (m_deaths + 1) / (m_recipe.deaths + 2);
        if (deathDue && !m_quiet && m_recipe.processes > 1) {
            die();
        }
    }
    if (m_interludes.empty()) {
        return std::nullopt;
    }
    Message message = std::move(m_interludes.front());
    m_interludes.pop_front();
    return message;
}

void Workload::plan(Process& process) {
    if (!m_draining && m_sent + heldKeys() + m_recipe.teardownFrees >= m_recipe.events) {
        m_draining = true;
        if (!m_toreDown) {
            m_toreDown = true;
            planTeardown(process);
            return;
        }
    }
    if (m_draining) {
        if (!process.live.empty() && liveBuffers() > m_recipe.leaks) {
            release(process);
        }
        return;
    }
    planWork(process);
}

void Workload::planWork(Process& process) {
    double roll = static_cast<double>(m_random.below(1'000'000)) / 1'000'000.0;
    const auto falls = [&roll](double share) {
        const bool hit = roll < share;
        roll -= share;
        return hit;
    };
    if (falls(m_recipe.doubleFreeShare)) {
        freeAgain(process);
    } else if (falls(m_recipe.unknownFreeShare)) {
        freeUnknown(process);
    } else if (falls(m_recipe.aliasShare)) {
        alias(process);
    } else if (falls(m_recipe.rejectedShare)) {
        sendRejected(process);
    } else if (falls(m_traits.tracksPrograms && !m_quiet ? m_recipe.programShare : 0.0)) {
        runProgram(process);
    }
    // Below its usual number of buffers a process prefers to allocate, above it to free.
    if (process.pending.empty()) {
        const std::uint64_t usual = std::max<std::uint64_t>(m_recipe.liveBuffers, 1);
        if (process.live.empty() || m_random.below(2 * usual) >= process.live.size()) {
            allocate(process);
        } else {
            release(process);
        }
    }
}

// The owners of a pool's buffers free them once, and the pool frees them again.
void Workload::planTeardown(Process& process) {
    std::uint64_t planned = 0;
    for (auto buffer = process.released.rbegin(); buffer != process.released.rend(); ++buffer) {
        for (int device = buffer->first; device < buffer->first + buffer->count && planned < m_recipe.teardownFrees;
             ++device) {
            if (!m_memory.isOpen({device, buffer->address})) {
                process.pending.push_back(
                    {.kind = MessageKind::Free, .process = process.id, .device = device, .address = buffer->address});
                ++planned;
            }
        }
    }
}

// Kills a process that owns buffers. It shares some of them with another process, which frees its share after the
// sweep. A new process takes its place.
void Workload::die() {
    const auto others = std::find_if(m_processes.rbegin(), m_processes.rend(),
                                     [](const Process& process) { return process.alive && process.live.size() >= 2; });
    if (others == m_processes.rend()) {
        return;
    }
    Process& victim = *others;
    ++m_deaths;
    const auto heir = std::find_if(m_processes.begin(), m_processes.end(),
                                   [&](const Process& process) { return process.alive && process.id != victim.id; });
    if (heir != m_processes.end()) {
        std::vector<Buffer> owned;
        std::copy_if(victim.live.begin(), victim.live.end(), std::back_inserter(owned), [&](const Buffer& buffer) {
            return m_memory.ownerOf({buffer.first, buffer.address}) == victim.id;
        });
        std::stable_sort(owned.begin(), owned.end(),
                         [](const Buffer& a, const Buffer& b) { return a.count > b.count; });
        owned.resize(std::min<std::size_t>(owned.size(), 3));
        for (const Buffer& shared : owned) {
            queueAllocation(m_interludes, shared, heir->id);
            if (m_afterSweep.empty()) {
                queueFree(m_afterSweep, shared, heir->id);
            } else {
                heir->live.push_back(shared);
            }
        }
    }
    m_interludes.push_back({.kind = MessageKind::ProcessDied, .process = victim.id});
    m_sweepAt = m_ticks + m_random.between(5, 40);
    victim.alive = false;
    victim.pending.clear();
    victim.live.clear();
    victim.released.clear();
    const int id = m_processes.back().id + static_cast<int>(m_random.between(40, 400));
    m_processes.emplace_back().id = id;
    m_turn = m_processes.size() - 1;
}

std::uint64_t Workload::liveBuffers() const {
    std::uint64_t buffers = 0;
    for (const Process& process : m_processes) {
        buffers += process.live.size();
    }
    return buffers;
}

std::uint64_t Workload::heldKeys() const {
    std::uint64_t keys = 0;
    for (const Process& process : m_processes) {
        for (const Buffer& buffer : process.live) {
            keys += static_cast<std::uint64_t>(buffer.count);
        }
    }
    return keys;
}

}  // namespace alloclens::generator
