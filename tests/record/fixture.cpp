// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/record/fixture.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <poll.h>
#include <sstream>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "core/findings/detector.h"
#include "importers/importer.h"

namespace alloclens::test {
namespace {

using std::chrono::milliseconds;

constexpr int kPatienceMs = 60000;

[[noreturn]] void stopTests(const std::string& why) {
    std::fprintf(stderr, "recorder fixture: %s\n", why.c_str());
    std::abort();
}

sockaddr_un addressOf(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    return address;
}

}  // namespace

TemporaryFolder::TemporaryFolder() : m_path("/tmp/alloclens-record-XXXXXX") {
    // A socket's path has to be short, so the folder is not where TMPDIR may point to.
    if (::mkdtemp(m_path.data()) == nullptr) stopTests("cannot make a folder");
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
}

bool waitFor(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + milliseconds(kPatienceMs);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(milliseconds(2));
    }
    return true;
}

std::string recordOf(const Sent& message, std::size_t recordSize) {
    std::string record(recordSize, '\0');
    const auto type = static_cast<char>(message.type);
    const auto bufferType = static_cast<char>(message.bufferType);
    const std::uint64_t time = message.type == 1 ? 1700000000000000000U : 0U;
    std::memcpy(record.data(), &type, 1);
    std::memcpy(record.data() + 4, &message.device, 4);
    std::memcpy(record.data() + 8, &message.size, 8);
    std::memcpy(record.data() + 16, &bufferType, 1);
    std::memcpy(record.data() + 20, &message.pid, 4);
    std::memcpy(record.data() + 24, &message.address, 8);
    std::memcpy(record.data() + 32, &time, 8);
    return record;
}

Sent allocationOf(std::uint64_t address, std::int32_t pid, std::uint64_t size, std::int32_t device) {
    return {1, device, size, 0, pid, address};
}

Sent freeOf(std::uint64_t address, std::int32_t pid, std::int32_t device) { return {2, device, 0, 0, pid, address}; }

Peer::Peer(const std::string& socket) : m_descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const sockaddr_un address = addressOf(socket);
    if (::connect(m_descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) close();
}

Peer::Peer(Peer&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}

bool Peer::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(m_descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

std::string Peer::receive(std::size_t bytes) {
    std::string got(bytes, '\0');
    std::size_t size = 0;
    while (size < bytes) {
        pollfd place{m_descriptor, POLLIN, 0};
        if (::poll(&place, 1, kPatienceMs) <= 0) break;
        const auto count = ::recv(m_descriptor, got.data() + size, bytes - size, 0);
        if (count <= 0) break;
        size += static_cast<std::size_t>(count);
    }
    got.resize(size);
    return got;
}

void Peer::close() {
    if (m_descriptor >= 0) ::close(m_descriptor);
    m_descriptor = -1;
}

RunningRecorder::RunningRecorder(record::RecorderOptions options) {
    auto opened = record::Recorder::open(std::move(options));
    if (!opened) stopTests(opened.error().sentence());
    m_recorder = std::move(*opened);
    m_thread = std::thread([this] { m_outcome = m_recorder->run(); });
}

RunningRecorder::~RunningRecorder() {
    if (m_thread.joinable()) (void)stop();
}

bool RunningRecorder::waitForMessages(std::uint64_t messages) const {
    return waitFor([this, messages] { return figures().counts.messages >= messages; });
}

Result<void> RunningRecorder::stop() {
    m_recorder->stop();
    return wait();
}

Result<void> RunningRecorder::wait() {
    m_thread.join();
    return m_outcome;
}

record::RecorderOptions optionsIn(const TemporaryFolder& folder) {
    record::RecorderOptions options;
    options.path = folder.path("run.alens");
    options.socket.path = folder.path("socket");
    return options;
}

std::shared_ptr<const Analysis> analyseRecording(const std::string& path) {
    auto trace = readTrace(path, {}, {}, {});
    if (!trace) stopTests(trace.error().sentence());
    auto analysis = analyse(*trace, {});
    if (!analysis) stopTests(analysis.error().sentence());
    return *analysis;
}

std::vector<std::string> findingsOf(const Analysis& analysis) {
    std::vector<std::string> found;
    const Trace& trace = *analysis.trace;
    for (const Finding& finding : analysis.findings.rows) {
        if (static_cast<FindingKind>(finding.kind) == FindingKind::SuspectFree) continue;
        const AddressKey key = finding.address.isValid() ? trace.key(finding.address) : AddressKey{};
        found.push_back(fmt::format("{} {}:{:x}", kindInfo(finding.kind).name, key.device, key.address));
    }
    std::sort(found.begin(), found.end());
    return found;
}

std::string readFile(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string runLoad(const std::vector<std::string>& arguments) {
    TemporaryFolder folder;
    std::vector<std::string> command = {ALLOCLENS_LOAD};
    command.insert(command.end(), arguments.begin(), arguments.end());
    Program load(command, folder.path("output"), folder.path("errors"));
    if (load.wait() != 0) stopTests("alloclens-load: " + readFile(folder.path("errors")));
    return readFile(folder.path("output"));
}

Program::Program(const std::vector<std::string>& command, const std::string& output, const std::string& errors,
                 std::uint64_t fileSizeLimit) {
    std::vector<std::string> copies = command;
    std::vector<char*> words;
    for (std::string& word : copies) words.push_back(word.data());
    words.push_back(nullptr);
    m_pid = ::fork();
    if (m_pid < 0) stopTests("cannot start a program");
    if (m_pid > 0) return;
    // Nothing is allocated here: another thread of the tests may have had the allocator's lock.
    for (const auto& [path, descriptor] :
         {std::pair{output.c_str(), STDOUT_FILENO}, std::pair{errors.c_str(), STDERR_FILENO}}) {
        const int file = ::open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        ::dup2(file, descriptor);
    }
    if (fileSizeLimit > 0) {
        const rlimit limit{fileSizeLimit, fileSizeLimit};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ::execvp(words[0], words.data());
    ::_exit(127);
}

Program::~Program() {
    if (m_pid < 0) return;
    signal(SIGKILL);
    (void)wait();
}

void Program::signal(int number) const {
    if (m_pid > 0) ::kill(m_pid, number);
}

int Program::wait() {
    int status = 0;
    while (::waitpid(m_pid, &status, 0) < 0 && errno == EINTR) {}
    m_pid = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool waitForSocket(const std::string& path) {
    return waitFor([&path] { return Peer(path).isConnected(); });
}

}  // namespace alloclens::test
