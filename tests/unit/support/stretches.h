// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads a server log in stretches of any size, one after the other, as the importer does with its own: tests and
// fuzzers make the stretches tiny so that every kind of line lies across a border.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

#include "importers/importer.h"
#include "importers/server_log/part_reader.h"
#include "importers/server_log/reassembly.h"
#include "importers/server_log/stitch.h"

namespace alloclens::test {

[[nodiscard]] inline Result<std::shared_ptr<const Trace>> readInStretches(Input&& input,
                                                                          const server_log::Limits& limits) {
    TraceBuilder builder;
    server_log::Generation generation;
    server_log::Damage damage;
    server_log::ReadBuffers buffers;
    server_log::Part part;
    for (std::uint64_t begin = 0; begin < input.size(); begin += limits.stretchBytes) {
        const std::uint64_t end = std::min(begin + limits.stretchBytes, input.size());
        part.clear();
        if (const auto read = server_log::readPart(input, begin, end, limits, buffers, part); !read)
            return read.error();
        generation |= part.generation;
        damage.append(part.damage, builder.lines(), builder.draft().diagnostics);
        if (const auto done = builder.append(std::move(part.trace)); !done) return done.error();
    }
    if (const auto done = server_log::reassemble(input, input.size(), damage, generation, builder); !done)
        return done.error();
    if (input.isCutShort()) {
        builder.draft().diagnostics.add({DiagnosticCode::CompressedTail, builder.lines(), {}});
    }
    server_log::complete(builder.draft(), generation);
    const std::uint64_t size = input.size();
    auto trace = builder.finish("server-log", input.path(), input.releaseFile(), size);
    return std::shared_ptr<const Trace>(std::make_shared<Trace>(std::move(trace)));
}

}  // namespace alloclens::test
