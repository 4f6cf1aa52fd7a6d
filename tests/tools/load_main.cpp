// SPDX-License-Identifier: GPL-3.0-or-later
//
// alloclens-load: several processes that speak the tracker's protocol to a server or the recorder. A seed decides the
// workload. Prints the truth about it as JSON on standard output.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <iostream>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "load_client.h"

namespace {

using namespace alloclens::load;
using Json = nlohmann::json;

struct LoadOptions {
    unsigned processes = 8;
    std::vector<std::size_t> sizes = {144};
    bool waits = false;
    std::vector<unsigned> python;
    std::vector<unsigned> careless;
    ClientOptions client;
};

struct Child {
    pid_t pid = -1;
    int outcome = -1;
};

void parse(CLI::App& app, LoadOptions& options) {
    PlanOptions& plan = options.client.plan;
    app.add_option("--socket", options.client.socket, "Where the server listens")->required();
    app.add_option("--processes", options.processes, "Processes that send at once")->capture_default_str();
    app.add_option("--messages", plan.messages, "Messages of each process, besides its last frees")
        ->capture_default_str();
    app.add_option("--seed", plan.seed, "Decides what is sent")->capture_default_str();
    app.add_option("--devices", plan.devices, "Devices of each process")->capture_default_str();
    app.add_option("--live", plan.live, "Buffers that a process holds, about")->capture_default_str();
    app.add_option("--record-size", options.sizes, "72, 112, 128, 144 or 648; several are dealt out in turn")
        ->check(CLI::IsMember({72, 112, 128, 144, 648}))
        ->delimiter(',');
    app.add_option("--python", options.python, "Numbers of processes that number memories as Python does")
        ->delimiter(',');
    app.add_option("--double-frees", plan.doubleFrees, "Share of messages")->capture_default_str();
    app.add_option("--unknown-frees", plan.unknownFrees, "Share of messages")->capture_default_str();
    app.add_option("--leaks", plan.leaks, "Buffers that each process never frees")->capture_default_str();
    app.add_option("--careless", options.careless, "Numbers of processes that exit without freeing")->delimiter(',');
    app.add_option("--rate", options.client.rate, "Messages a second of each process; 0 is as many as go");
    app.add_flag("--latency", options.client.measures, "Measure each send(2)");
    app.add_flag("--ask", options.client.asks, "Each process ends with a query and waits for the answer");
    app.add_flag("--wait", options.waits, "Processes stay until standard input ends");
}

/// The process sends its outcome and, on request, waits before it ends.
Child start(const LoadOptions& options, unsigned process, int gate, int otherGate) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) return {};
    const pid_t pid = ::fork();
    if (pid != 0) {
        ::close(ends[1]);
        return {pid, ends[0]};
    }
    ::close(ends[0]);
    ::close(otherGate);
    ClientOptions client = options.client;
    client.plan.process = process;
    client.recordSize = options.sizes[process % options.sizes.size()];
    const auto has = [process](const std::vector<unsigned>& list) {
        return std::find(list.begin(), list.end(), process) != list.end();
    };
    client.plan.isPython = has(options.python);
    client.plan.exitsWithoutFreeing = has(options.careless);
    const ClientOutcome outcome = runClient(client, gate);
    const bool isTold = ::write(ends[1], &outcome, sizeof outcome) == static_cast<ssize_t>(sizeof outcome);
    ::close(ends[1]);
    char end = 0;
    if (options.waits) (void)!::read(STDIN_FILENO, &end, 1);
    ::_exit(isTold ? 0 : 1);
}

Json toJson(const PlanTruth& truth) {
    return {{"allocations", truth.allocations},     {"aliasedAllocations", truth.aliasedAllocations},
            {"partialFrees", truth.partialFrees},   {"finalFrees", truth.finalFrees},
            {"unknownFrees", truth.refusedFrees},   {"doubleFrees", truth.doubleFrees},
            {"neverAllocated", truth.unknownFrees}, {"liveAtEnd", truth.liveAtEnd}};
}

void add(PlanTruth& to, const PlanTruth& more) {
    to.allocations += more.allocations;
    to.aliasedAllocations += more.aliasedAllocations;
    to.partialFrees += more.partialFrees;
    to.finalFrees += more.finalFrees;
    to.refusedFrees += more.refusedFrees;
    to.doubleFrees += more.doubleFrees;
    to.unknownFrees += more.unknownFrees;
    to.liveAtEnd += more.liveAtEnd;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Sends what several traced programs would send, with known truth", "alloclens-load");
    LoadOptions options;
    parse(app, options);
    CLI11_PARSE(app, argc, argv);

    std::array<int, 2> gate{};
    if (::pipe(gate.data()) != 0) return 1;
    std::vector<Child> children;
    for (unsigned i = 0; i < options.processes; ++i) children.push_back(start(options, i, gate[0], gate[1]));
    ::close(gate[0]);
    ::close(gate[1]);  // this starts them

    Json processes = Json::array();
    PlanTruth total;
    std::uint64_t messages = 0;
    std::uint64_t longest = 1;
    bool hasFailed = false;
    for (std::size_t i = 0; i < children.size(); ++i) {
        ClientOutcome outcome;
        const bool isTold = ::read(children[i].outcome, &outcome, sizeof outcome)
                            == static_cast<ssize_t>(sizeof outcome);
        if (!isTold || outcome.error != 0) {
            std::cerr << "alloclens-load: process " << i << ": " << std::strerror(isTold ? outcome.error : EPIPE)
                      << '\n';
            hasFailed = true;
        }
        Json entry = {{"pid", children[i].pid}, {"messages", outcome.messages}, {"truth", toJson(outcome.truth)}};
        if (options.client.measures) {
            entry["medianNs"] = outcome.medianNs;
            entry["percentile99Ns"] = outcome.percentile99Ns;
        }
        processes.push_back(std::move(entry));
        add(total, outcome.truth);
        messages += outcome.messages;
        longest = std::max(longest, outcome.seconds);
    }
    Json result = {{"messages", messages},
                   {"seconds", static_cast<double>(longest) / 1e9},
                   {"messagesPerSecond", static_cast<double>(messages) * 1e9 / static_cast<double>(longest)},
                   {"truth", toJson(total)},
                   {"processes", std::move(processes)}};
    std::cout << result.dump(1) << std::endl;
    for (const Child& child : children) ::waitpid(child.pid, nullptr, 0);
    return hasFailed ? 1 : 0;
}
