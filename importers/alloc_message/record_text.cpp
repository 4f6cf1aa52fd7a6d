// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/alloc_message/record_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <limits>
#include <string>
#include <utility>

#include "importers/alloc_message/record_attributes.h"

namespace alloclens::alloc_message {
namespace {

constexpr std::array<std::string_view, 13> kTypeNames = {"?",
                                                         "ALLOC",
                                                         "FREE",
                                                         "QUERY",
                                                         "RESPONSE",
                                                         "DUMP_REMAINING",
                                                         "DEVICE_INFO_QUERY",
                                                         "DEVICE_INFO_RESPONSE",
                                                         "CB_ALLOC",
                                                         "CB_FREE",
                                                         "KERNEL_LOAD",
                                                         "KERNEL_UNLOAD",
                                                         "DUMP_KERNELS"};

/// Adds fields to a line as long as there is room, two blanks between them.
class LineWriter {
public:
    explicit LineWriter(char* line) : m_line(line) { std::memset(line, ' ', kRecordLineBytes); }
    ~LineWriter() { m_line[kRecordLineBytes - 1] = '\n'; }
    LineWriter(const LineWriter&) = delete;
    LineWriter& operator=(const LineWriter&) = delete;

    template <typename... Values>
    void add(fmt::format_string<Values...> form, Values&&... values) {
        if (m_length > 0) m_length += 2;
        if (m_length >= kText) return;
        const auto written = fmt::format_to_n(m_line + m_length, kText - m_length, form,
                                              std::forward<Values>(values)...);
        m_length += std::min(kText - m_length, written.size);
    }

private:
    static constexpr std::size_t kText = kRecordLineBytes - 1;
    char* m_line;
    std::size_t m_length = 0;
};

void addTime(std::uint64_t timestamp, LineWriter& line) {
    const std::int64_t time = timeOf(timestamp);
    if (time == kNoTime) return;
    using namespace std::chrono;
    const sys_time<nanoseconds> moment{nanoseconds(time)};
    const auto day = floor<days>(moment);
    const year_month_day date(day);
    const hh_mm_ss clock(moment - day);
    line.add("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:09}", static_cast<int>(date.year()),
             static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
             clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

void addMemory(std::uint8_t bufferType, BufferTypes numbering, LineWriter& line) {
    if (const auto memory = memoryOf(bufferType, numbering)) {
        line.add("{}", memoryName(*memory));
    } else {
        line.add("buffer type {}", bufferType);
    }
}

void addKernelType(std::uint8_t type, LineWriter& line) {
    static constexpr std::array<std::string_view, 3> kNames = {"Application", "Fabric", "Dispatch"};
    line.add("{}", type < kNames.size() ? kNames[type] : "Unknown");
}

/// The name of a buffer that the largest records have.
void addName(const char* record, std::size_t size, LineWriter& line) {
    std::string name(nameIn(record, size));
    if (name.empty()) return;
    for (char& c : name) {
        if (c < ' ' || c > '~') c = '?';
    }
    line.add("\"{}\"", name);
}

void addFields(const Message& message, BufferTypes numbering, LineWriter& line) {
    const auto type = static_cast<MessageType>(message.type);
    switch (type) {
    case MessageType::Allocation:
    case MessageType::CircularBufferAllocation:
        line.add("address {}", message.bufferId);
        line.add("{} bytes", message.size);
        if (type == MessageType::Allocation) addMemory(message.bufferType, numbering, line);
        break;
    case MessageType::Free: line.add("address {}", message.bufferId); break;
    case MessageType::CircularBufferFree:
        line.add("address {}", message.bufferId);
        line.add("{} bytes", message.size);
        break;
    case MessageType::KernelLoad:
    case MessageType::KernelUnload:
        line.add("kernel {:#x}", message.bufferId);
        line.add("{} bytes", message.size);
        addKernelType(message.bufferType, line);
        break;
    case MessageType::Response: {
        const auto& sums = message.allocated;
        line.add("DRAM {}  L1 {}  L1_SMALL {}  TRACE {} bytes", sums[0], sums[1], sums[2], sums[3]);
        break;
    }
    default: break;
    }
}

}  // namespace

bool countsMicroseconds(std::uint64_t timestamp) {
    // In between lie the years 1973 in ns and 5138 in us.
    constexpr std::uint64_t kLeastNanoseconds = 100'000'000'000'000'000;
    constexpr std::uint64_t kLeastMicroseconds = kLeastNanoseconds / 1000;
    return timestamp >= kLeastMicroseconds && timestamp < kLeastNanoseconds;
}

std::int64_t timeOf(std::uint64_t timestamp) {
    if (timestamp == 0 || timestamp > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return kNoTime;
    return static_cast<std::int64_t>(timestamp * (countsMicroseconds(timestamp) ? 1000 : 1));
}

void writeRecordLine(const char* record, std::size_t size, BufferTypes numbering, char* line) {
    const Message message = decode(record);
    LineWriter writer(line);
    writer.add("{}", kTypeNames[message.type < kTypeNames.size() ? message.type : 0]);
    writer.add("device {}", message.device);
    addFields(message, numbering, writer);
    writer.add("process {}", message.pid);
    addTime(message.timestamp, writer);
    addName(record, size, writer);
}

Result<std::size_t> RecordLines::readAt(std::uint64_t offset, char* buffer, std::size_t size) const {
    constexpr std::size_t kMostAtOnce = 1024;
    std::vector<char> lines;
    std::size_t done = 0;
    while (done < size && offset + done < m_records * kRecordLineBytes) {
        const std::uint64_t at = offset + done;
        const std::size_t within = at % kRecordLineBytes;
        const std::size_t wanted = (within + size - done + kRecordLineBytes - 1) / kRecordLineBytes;
        const auto got = readRecords(at / kRecordLineBytes, std::min(wanted, kMostAtOnce), lines);
        if (!got) return got.error();
        if (*got == 0) break;
        const std::size_t count = std::min(size - done, *got * kRecordLineBytes - within);
        std::memcpy(buffer + done, lines.data() + within, count);
        done += count;
    }
    return done;
}

/// The lines of records from `first` on, up to `count` of them and to the end of their run.
Result<std::size_t> RecordLines::readRecords(std::uint64_t first, std::size_t count, std::vector<char>& lines) const {
    auto next = std::upper_bound(m_runs.begin(), m_runs.end(), first,
                                 [](std::uint64_t record, const RecordRun& run) { return record < run.first; });
    if (next == m_runs.begin()) return std::size_t{0};
    const RecordRun& run = *(next - 1);
    const std::uint64_t end = next == m_runs.end() ? m_records : next->first;
    count = static_cast<std::size_t>(std::min<std::uint64_t>(count, end - first));
    std::vector<char> records(count * run.size);
    const auto got = m_file.readAt(run.offset + (first - run.first) * run.size, records.data(), records.size());
    if (!got) return got.error();
    count = *got / run.size;
    lines.resize(count * kRecordLineBytes);
    for (std::size_t i = 0; i < count; ++i)
        writeRecordLine(records.data() + i * run.size, run.size, m_numbering, lines.data() + i * kRecordLineBytes);
    return count;
}

}  // namespace alloclens::alloc_message
