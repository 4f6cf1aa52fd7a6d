// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <poll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

#include "app/cli/command.h"
#include "app/cli/stop_signals.h"
#include "app/record/recorder.h"
#include "app/record/shortage.h"
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
    command.add_flag("--replace", socket.replacesServer, "Take the place of a running server");
    command.add_flag("--force", force, "Replace OUT if it exists");
    command.add_option("--group", socket.group, "Let the members of this group connect as well")->type_name("NAME");
    command.add_option("--devices", devices, "A file that describes the devices, or with --arch their number")
        ->type_name("FILE|N");
    command.add_option("--arch", architecture, "The devices' architecture: grayskull, wormhole_b0 or blackhole")
        ->type_name("NAME");
    command.add_option("--rules", rules, "Follow the rules and print the lines of this server: poc or enhanced")
        ->type_name("poc|enhanced")
        ->check(CLI::IsMember({"poc", "enhanced"}))
        ->capture_default_str();
    command.add_option("--buffer-types", bufferTypes, "How clients number memories: cpp or python")
        ->type_name("cpp|python")
        ->check(CLI::IsMember({"cpp", "python"}))
        ->capture_default_str();
    command
        .add_option("--rotate", rotate,
                    "Continue in another file (OUT.2.alens ...) after this many bytes, such as 1GiB")
        ->type_name("SIZE");
    command.footer("Examples:\n"
                   "  alloclens-cli record run.alens\n"
                   "  alloclens-cli record run.alens --echo --rotate 1GiB\n"
                   "  alloclens-cli record run.alens --devices 8 --arch wormhole_b0");
}

/// --devices 8 --arch wormhole_b0 -> eight of them; --arch alone -> one; --devices devices.json -> the file's; none ->
/// none.
Result<record::DeviceList> devicesOf(const RecordOptions& options) {
    const auto count = parseUnsigned(options.devices);
    if (!options.devices.empty() && !count) return record::devicesFromFile(options.devices, options.architecture);
    if (!options.architecture.empty()) {
        constexpr std::uint64_t kTooMany = std::uint64_t{kMostDevices} + 1;
        return record::devicesOfArchitecture(options.architecture,
                                             static_cast<std::uint32_t>(std::min(count.value_or(1), kTooMany)));
    }
    if (count) {
        return Error{ErrorKind::Usage, "a number of devices needs an architecture", "--devices",
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
            return Error{ErrorKind::Usage, fmt::format("'{}' is not a size", options.rotate), "--rotate",
                         "Use a size such as 500MB or 2GiB."};
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

/// The finished trace replaces a file of its name. That must not be the socket, which clients need, or the description
/// that was read.
Result<void> checkPaths(const RecordOptions& options) {
    namespace fs = std::filesystem;
    std::error_code ignored;  // the use of a bad path will report it
    const fs::path trace = fs::weakly_canonical(options.path, ignored);
    const auto error = [&options](std::string what) {
        return Error{ErrorKind::Usage, std::move(what), options.path, "Choose another name."};
    };
    if (!trace.empty() && trace == fs::weakly_canonical(options.socket.path, ignored))
        return error("is also the path of the socket");
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

/// Writes a message for people. Waits for a slow reader only briefly, since nobody may hold up a recording.
void tell(const std::string& sentence) {
    constexpr std::chrono::milliseconds kPatience{200};
    saySentence("alloclens-cli", sentence, kPatience);
}

/// Shows figures on standard error: a line that changes on a terminal, a line now and then elsewhere.
class Ticker {
public:
    explicit Ticker(bool isQuiet) : m_isQuiet(isQuiet), m_isTerminal(::isatty(STDERR_FILENO) == 1) {}

    /// Called once a second. Notices appear even if figures do not.
    void show(const Figures& figures) {
        sayNotices(figures);
        constexpr unsigned kSecondsBetweenLines = 10;
        ++m_seconds;
        if (m_isQuiet || (!m_isTerminal && m_seconds % kSecondsBetweenLines != 0)) return;
        const unsigned span = m_isTerminal ? 1 : kSecondsBetweenLines;
        const std::uint64_t rate = (figures.counts.messages - m_lastMessages) / span;
        m_lastMessages = figures.counts.messages;
        std::string line = fmt::format("{} messages/s, {} in all, {}, {}, {}", formatCount(rate),
                                       formatCount(figures.counts.messages), liveText(figures),
                                       formatQuantity(figures.counts.refusedFrees, "refused free"),
                                       formatQuantity(figures.clients, "client"));
        if (figures.turnedAway > 0) line += fmt::format(", {} turned away", formatCount(figures.turnedAway));
        say(m_isTerminal ? "\r\x1b[K" + line : line + '\n', kNoPatience);
        m_isShown = m_isTerminal;
    }
    void wipe() {
        if (m_isShown) say("\r\x1b[K", kNoPatience);
        m_isShown = false;
    }

    /// Shows the notices that were not shown yet.
    void sayNotices(const Figures& figures) {
        for (; m_noticesSaid < figures.notices.size(); ++m_noticesSaid) {
            wipe();
            tell(figures.notices[m_noticesSaid]);
        }
    }

private:
    static constexpr std::chrono::milliseconds kNoPatience{0};

    const bool m_isQuiet;
    const bool m_isTerminal;
    bool m_isShown = false;
    unsigned m_seconds = 0;
    std::uint64_t m_lastMessages = 0;
    std::size_t m_noticesSaid = 0;
};

void summarise(const std::string& path, const Figures& figures) {
    const std::string parts = figures.parts > 1 ? fmt::format(" and {} more parts", figures.parts - 1) : "";
    tell(fmt::format("recorded {} of {} as {} in {}{}, {}", formatQuantity(figures.counts.messages, "message"),
                     formatQuantity(figures.clientsEver, "client"), formatQuantity(figures.counts.events, "event"),
                     path, parts, formatBytes(figures.bytes)));
    tell(fmt::format("{}, {} swept, {}", formatQuantity(figures.counts.refusedFrees, "refused free"),
                     formatQuantity(figures.counts.sweeps, "process", "processes"), liveText(figures)));
    if (figures.counts.invalid > 0) {
        tell(formatQuantity(figures.counts.invalid, "invalid message") + " changed nothing");
    }
    if (figures.skippedBytes > 0) tell(formatQuantity(figures.skippedBytes, "byte") + " did not belong to a message");
    if (figures.deafClients > 0) {
        tell(formatQuantity(figures.deafClients, "client") + " disconnected for not reading the answers");
    }
    if (figures.turnedAway > 0) {
        tell(formatQuantity(figures.turnedAway, "client") + " turned away for lack of room");
    }
    if (figures.dropped > 0) {
        tell(formatQuantity(figures.dropped, "message") + " missing in the trace: the disk was too slow");
    }
    if (figures.unwritten > 0) {
        tell(formatQuantity(figures.unwritten, "message") + " missing at the end of the trace");
    }
}

void sayWhatWasNotEchoed(const Figures& figures) {
    if (figures.counts.reportsLeftOut > 0) {
        tell(formatQuantity(figures.counts.reportsLeftOut, "report")
             + " not printed: programs asked for them too often");
    }
    if (figures.notEchoed == 0) return;
    tell(formatQuantity(figures.notEchoed, "line") + " not printed: standard output was too slow");
}

/// Ends the recording at the first signal, and the program at the second.
class Watch {
public:
    Watch(Recorder& recorder, const StopSignals& signals, int ended, Ticker& ticker)
        : m_recorder(recorder), m_signals(signals), m_ended(ended), m_ticker(ticker) {}

    /// Shows figures until the recorder has ended.
    void run() {
        constexpr int kSecondMs = 1000;
        while (true) {
            std::array<pollfd, 2> places{pollfd{m_signals.descriptor(), POLLIN, 0}, pollfd{m_ended, POLLIN, 0}};
            const int ready = ::poll(places.data(), places.size(), kSecondMs);
            if (ready > 0 && places[1].revents != 0) return;
            if (const int signal = m_signals.take(); signal != 0) obey(signal);
            if (ready == 0 && !m_stoppedAt) show();
        }
    }

private:
    using Clock = std::chrono::steady_clock;

    void show() {
        try {
            m_ticker.show(m_recorder.figures());
        } catch (const std::bad_alloc&) {
            return;  // the recorder fails as well, and ends in order
        }
    }

    // A closing terminal or a wrapper may send a signal twice, which must not count as two requests.
    void obey(int signal) {
        constexpr std::chrono::milliseconds kSameWish{300};
        if (!m_stoppedAt) {
            m_stoppedAt = Clock::now();
            m_recorder.stop();
        } else if (signal != SIGHUP && Clock::now() - *m_stoppedAt > kSameWish) {
            endAtOnce(signal);
        }
    }

    [[noreturn]] void endAtOnce(int signal) {
        m_recorder.leavePlace();
        m_ticker.wipe();
        tell("ended at once: the end of the trace is missing");
        StopSignals::dieOf(signal);
    }

    Recorder& m_recorder;
    const StopSignals& m_signals;
    int m_ended;
    Ticker& m_ticker;
    std::optional<Clock::time_point> m_stoppedAt;
};

int failed(const Error& error) {
    tell(error.sentence());
    return error.kind == ErrorKind::Usage ? kUsage : kUnreadable;
}

/// Runs the recorder on a thread of its own while this one waits for signals.
Result<void> runUntilStopped(Recorder& recorder, const StopSignals& signals, Ticker& ticker) {
    const FileHandle ended(::eventfd(0, EFD_CLOEXEC));
    if (!ended.isOpen()) {
        return Error{ErrorKind::Output, fmt::format("no thread can be waited for: {}", std::strerror(errno)), {}, {}};
    }
    Result<void> done = record::noMemory();  // made while there is memory
    auto started = record::withoutThrowing([&]() -> Result<std::thread> {
        return std::thread([&] {
            try {
                done = recorder.run();
            } catch (const std::bad_alloc&) {
                recorder.leavePlace();
            }
            const std::uint64_t one = 1;
            (void)!::write(ended.descriptor(), &one, sizeof one);
        });
    });
    if (!started) {
        recorder.stop();
        (void)recorder.run();  // completes the empty trace
        return started.error();
    }
    Watch(recorder, signals, ended.descriptor(), ticker).run();
    started->join();
    return done;
}

int record(const RecordOptions& options) {
    if (const auto possible = checkPaths(options); !possible) return failed(possible.error());
    auto settings = recorderOptions(options);
    if (!settings) return failed(settings.error());
    std::signal(SIGPIPE, SIG_IGN);
    const auto signals = StopSignals::open();
    if (!signals) return failed(signals.error());
    auto recorder = Recorder::open(std::move(*settings));
    if (!recorder) return failed(recorder.error());
    if (!options.isQuiet) {
        tell(fmt::format("recording what comes to {} into {}; Ctrl+C ends it", options.socket.path, options.path));
    }
    Ticker ticker(options.isQuiet);
    const auto done = runUntilStopped(**recorder, *signals, ticker);
    ticker.wipe();
    const Figures figures = (*recorder)->figures();
    ticker.sayNotices(figures);
    if (!options.isQuiet) summarise(options.path, figures);
    sayWhatWasNotEchoed(figures);
    return done ? static_cast<int>(kDone) : failed(done.error());
}

}  // namespace

void addRecordCommand(CLI::App& app, Action& action) {
    CLI::App& command = *app.add_subcommand("record", "Take the tracking server's place and record what clients send");
    const auto options = std::make_shared<RecordOptions>();
    options->addTo(command);
    command.callback([&action, options] { action = [options] { return record(*options); }; });
}

}  // namespace alloclens::cli
