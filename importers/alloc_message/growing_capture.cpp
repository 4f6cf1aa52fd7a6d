// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/alloc_message/growing_capture.h"

#include <limits>
#include <optional>
#include <utility>

#include "importers/alloc_message/capture_reader.h"

namespace alloclens::alloc_message {
namespace {

class GrowingCapture final : public GrowingSource {
public:
    explicit GrowingCapture(const ReadOptions& options) : m_options(options) { m_options.onPart = nullptr; }

    [[nodiscard]] Result<bool> readOn(const Input& input, const TaskContext& task) override {
        constexpr std::uint64_t kAtOnce = std::uint64_t{32} << 20;
        if (!m_reader) m_reader.emplace(input, m_options);
        return m_reader->readOn(kAtOnce, task);
    }

    // What waits for more is decided on by the end, which would spoil the reader for what comes then.
    [[nodiscard]] Result<Trace> trace(const Input& input, bool isEnd) const override {
        FileHandle file = input.duplicateFile();
        if (!file.isOpen()) {
            return Error{ErrorKind::Input, "cannot be opened again: too many files are open", input.path(),
                         "Close other programs."};
        }
        if (m_reader && !isEnd) return m_reader->soFar(std::move(file));
        CaptureReader whole(input, m_options);
        if (const auto read = whole.readOn(std::numeric_limits<std::uint64_t>::max(), {}); !read) return read.error();
        if (const auto ended = whole.end(); !ended) return ended.error();
        return whole.finish(std::move(file));
    }

    [[nodiscard]] std::size_t events() const override { return m_reader ? m_reader->events() : 0; }

private:
    ReadOptions m_options;
    std::optional<CaptureReader> m_reader;
};

}  // namespace

std::unique_ptr<GrowingSource> growingCapture(const ReadOptions& options) {
    return std::make_unique<GrowingCapture>(options);
}

}  // namespace alloclens::alloc_message
