// SPDX-License-Identifier: GPL-3.0-or-later
//
// The grammar of everything that a server prints besides events: statistics, dumps, sweeps, device detection, circular
// buffers and kernels, complaints, banners (docs/formats/server-log.md, "Blocks and banners"). One line at a time; what
// a block's heading says is carried to the lines below it by stitch.h.
#pragma once

#include <optional>
#include <string_view>

#include "core/trace/printed_facts.h"

namespace alloclens::server_log {

/// The fact of a line without events, or none if the server printed no such line. `line` and block context stay unset.
[[nodiscard]] std::optional<PrintedFact> matchFact(std::string_view text);

/// What is behind a heading is no word and no number: the end of a quotation or of a tag, an arrow before a comment. A
/// word would make it another program's sentence.
[[nodiscard]] bool endsHeading(std::string_view rest);

}  // namespace alloclens::server_log
