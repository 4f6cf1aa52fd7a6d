// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <memory>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <system_error>
#include <thread>
#include <unistd.h>

#include "app/cli/command.h"
#include "app/cli/session.h"
#include "app/record/recorder.h"
#include "core/base/standard_streams.h"
#include "core/base/units.h"

namespace alloclens::cli {
namespace {

using record::Figures;
using record::Recorder;
using record::RecorderOptions;

struct RecordOptions {
    std::string path;
    record::SocketOptions socket;
    bool force = false;
    bool isQuiet = false;
    bool echoes = false;
    std::string devices;
    std::string architecture;
    std::string rules = "poc";
    std::string bufferTypes = "cpp";
    std::string rotate;

    void addTo(CLI::App& command);
};

void RecordOptions::addTo(CLI::App& command) {
    command.add_option("OUT", path, "The trace to write, such as run.alens")->required();
    command.add_option("--socket", socket.path, "Where clients connect")->type_name("PATH")->capture_default_str();
    command.add_flag("--quiet", isQuiet, "No figures while recording and no summary");
    command.add_flag("--echo", echoes, "Print the tracking server's own lines");
    command.add_flag("--replace", socket.replacesServer, "Take the place of a server that runs");
    command.add_flag("--force", force, "Replace OUT where it exists");
    command.add_option("--group", socket.group, "Let the members of a group connect, too")->type_name("NAME");
    command.add_option("--devices", devices, "A description of the devices, or with --arch their number")
        ->type_name("FILE|N");
    command.add_option("--arch", architecture, "The devices' architecture: grayskull, wormhole_b0 or blackhole")
        ->type_name("NAME");
    command.add_option("--rules", rules, "Judge and print as this server does: poc or enhanced")
        ->type_name("poc|enhanced")
        ->check(CLI::IsMember({"poc", "enhanced"}))
        ->capture_default_str();
    command.add_option("--buffer-types", bufferTypes, "How clients number memories: cpp or python")
        ->type_name("cpp|python")
        ->check(CLI::IsMember({"cpp", "python"}))
        ->capture_default_str();
    command.add_option("--rotate", rotate, "Go on in another file (OUT.2.alens ...) after so many bytes, such as 1GiB")
        ->type_name("SIZE");
}

Result<record::DeviceList> devicesOf(const RecordOptions& options) {
    const auto count = parseUnsigned(options.devices);
    if (!options.devices.empty() && !count) return record::devicesFromFile(options.devices, options.architecture);
    if (!options.architecture.empty()) {
        constexpr std::uint64_t kTooMany = std::uint64_t{record::kMostDevices} + 1;
        return record::devicesOfArchitecture(options.architecture,
                                             static_cast<std::uint32_t>(std::min(count.value_or(1), kTooMany)));
    }
    if (count) {
        return Error{ErrorKind::Usage, "a number of devices needs their architecture", "--devices",
                     "Add --arch, or name a file that describes them."};
    }
    return record::DeviceList();
}

Result<RecorderOptions> recorderOptions(const RecordOptions& options) {
    RecorderOptions result;
    result.path = options.path;
    result.replacesFile = options.force;
    result.socket = options.socket;
    auto devices = devicesOf(options);
    if (!devices) return devices.error();
    result.devices = std::move(*devices);
    if (options.rules == "enhanced") result.voice = record::Voice::Enhanced;
    if (options.bufferTypes == "python") result.bufferTypes = alloc_message::BufferTypes::Python;
    if (!options.rotate.empty()) {
        const auto size = parseByteSize(options.rotate);
        if (!size || *size == 0) {
            return Error{ErrorKind::Usage, fmt::format("'{}' is no size", options.rotate), "--rotate",
                         "Give one such as 500MB or 2GiB."};
        }
        result.rotateBytes = *size;
    }
    result.program = "alloclens-cli " ALLOCLENS_VERSION;
    if (options.echoes) {
        result.echo = STDOUT_FILENO;
        result.complaints = STDERR_FILENO;
    }
    return result;
}

/// The trace takes its place when it is finished. What has the same name then is gone: the socket, so that nobody can
/// connect, or the description that was read.
Result<void> checkPaths(const RecordOptions& options) {
    namespace fs = std::filesystem;
    std::error_code ignored;  // what is wrong with a path is said when it is used
    const fs::path trace = fs::weakly_canonical(options.path, ignored);
    const auto error = [&options](std::string what) {
        return Error{ErrorKind::Usage, std::move(what), options.path, "Choose another name."};
    };
    if (!trace.empty() && trace == fs::weakly_canonical(options.socket.path, ignored))
        return error("is the socket's path, too");
    if (!options.devices.empty() && fs::equivalent(options.path, options.devices, ignored))
        return error("is the description of the devices");
    return {};
}

std::string liveText(const Figures& figures) {
    constexpr std::size_t kShown = 4;
    std::string text;
    std::size_t shown = 0;
    std::uint64_t others = 0;
    for (const auto& [device, bytes] : figures.liveBytes) {
        if (bytes == 0) continue;
        if (shown++ < kShown) {
            text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", device, formatBytes(bytes));
        } else {
            others += bytes;
        }
    }
    if (shown > kShown) text += fmt::format(", {} more: {}", shown - kShown, formatBytes(others));
    return text.empty() ? "nothing live" : "live " + text;
}

/// Figures on standard error: one line that changes on a terminal, a line now and then elsewhere.
class Ticker {
public:
    explicit Ticker(bool isQuiet) : m_isQuiet(isQuiet), m_isTerminal(::isatty(STDERR_FILENO) == 1) {}

    /// Once a second.
    void show(const Figures& figures) {
        constexpr unsigned kSecondsBetweenLines = 10;
        ++m_seconds;
        if (m_isQuiet || (!m_isTerminal && m_seconds % kSecondsBetweenLines != 0)) return;
        const unsigned span = m_isTerminal ? 1 : kSecondsBetweenLines;
        const std::uint64_t rate = (figures.counts.messages - m_lastMessages) / span;
        m_lastMessages = figures.counts.messages;
        const std::string line = fmt::format("{} messages/s, {} in all, {}, {}, {}", formatCount(rate),
                                             formatCount(figures.counts.messages), liveText(figures),
                                             formatQuantity(figures.counts.refusedFrees, "surplus free"),
                                             formatQuantity(figures.clients, "client"));
        say(fmt::format("{}{}{}", m_isTerminal ? "\r\x1b[K" : "", line, m_isTerminal ? "" : "\n"));
        m_isShown = m_isTerminal;
    }
    void wipe() {
        if (m_isShown) say("\r\x1b[K");
        m_isShown = false;
    }

private:
    const bool m_isQuiet;
    const bool m_isTerminal;
    bool m_isShown = false;
    unsigned m_seconds = 0;
    std::uint64_t m_lastMessages = 0;
};

void summarise(const std::string& path, const Figures& figures) {
    const std::string parts = figures.parts > 1 ? fmt::format(" and {} more parts", figures.parts - 1) : "";
    note(fmt::format("recorded {} of {} as {} in {}{}, {}", formatQuantity(figures.counts.messages, "message"),
                     formatQuantity(figures.clientsEver, "client"), formatQuantity(figures.counts.events, "event"),
                     path, parts, formatBytes(figures.bytes)));
    note(fmt::format("{}, {} swept, {}", formatQuantity(figures.counts.refusedFrees, "surplus free"),
                     formatQuantity(figures.counts.sweeps, "process", "processes"), liveText(figures)));
    if (figures.counts.invalid > 0) {
        note(formatQuantity(figures.counts.invalid, "message") + " made no sense and changed nothing");
    }
    if (figures.skippedBytes > 0) note(formatQuantity(figures.skippedBytes, "byte") + " were no message");
    if (figures.deafClients > 0) {
        note(formatQuantity(figures.deafClients, "client") + " did not read the answers and had to go");
    }
    if (figures.dropped > 0) {
        note(formatQuantity(figures.dropped, "message") + " are missing in the trace: the disk was too slow");
    }
    if (figures.unwritten > 0) {
        note(formatQuantity(figures.unwritten, "message") + " came last and are missing in the trace");
    }
}

void sayWhatWasNotEchoed(const Figures& figures) {
    if (figures.notEchoed == 0) return;
    note(formatQuantity(figures.notEchoed, "line") + " were not printed: standard output took them too slowly");
}

/// Thousands of clients need as many descriptors.
void raiseDescriptorLimit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// SIGINT and SIGTERM as something to be read; blocked for all threads that come after.
int signalDescriptor() {
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGINT);
    ::sigaddset(&signals, SIGTERM);
    ::sigaddset(&signals, SIGHUP);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    return ::signalfd(-1, &signals, SFD_CLOEXEC);
}

/// Waits until a signal comes or the recorder ends by itself, and shows how it goes.
void watch(const Recorder& recorder, int signals, int ended, Ticker& ticker) {
    constexpr int kSecondMs = 1000;
    while (true) {
        std::array<pollfd, 2> places{pollfd{signals, POLLIN, 0}, pollfd{ended, POLLIN, 0}};
        const int ready = ::poll(places.data(), places.size(), kSecondMs);
        if (ready > 0) return;
        if (ready == 0) ticker.show(recorder.figures());
    }
}

int record(const RecordOptions& options) {
    if (const auto possible = checkPaths(options); !possible) return fail(possible.error());
    auto settings = recorderOptions(options);
    if (!settings) return fail(settings.error());
    std::signal(SIGPIPE, SIG_IGN);
    raiseDescriptorLimit();
    const int signals = signalDescriptor();
    const int ended = ::eventfd(0, EFD_CLOEXEC);
    auto recorder = Recorder::open(std::move(*settings));
    if (!recorder) return fail(recorder.error());
    if (!options.isQuiet) {
        note(fmt::format("recording what comes to {} into {}; Ctrl+C ends it", options.socket.path, options.path));
    }
    Result<void> done;
    std::thread thread([&] {
        done = (*recorder)->run();
        const std::uint64_t one = 1;
        (void)!::write(ended, &one, sizeof one);
    });
    Ticker ticker(options.isQuiet);
    watch(**recorder, signals, ended, ticker);
    (*recorder)->stop();
    thread.join();
    ticker.wipe();
    const Figures figures = (*recorder)->figures();
    if (!options.isQuiet) summarise(options.path, figures);
    sayWhatWasNotEchoed(figures);
    ::close(signals);
    ::close(ended);
    return done ? static_cast<int>(kDone) : fail(done.error());
}

}  // namespace

void addRecordCommand(CLI::App& app, Action& action) {
    CLI::App& command = *app.add_subcommand("record", "Take the tracking server's place and record what clients send");
    const auto options = std::make_shared<RecordOptions>();
    options->addTo(command);
    command.callback([&action, options] { action = [options] { return record(*options); }; });
}

}  // namespace alloclens::cli
