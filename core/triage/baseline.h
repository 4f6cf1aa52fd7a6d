// SPDX-License-Identifier: GPL-3.0-or-later
//
// The identifiers of findings that are known and accepted (docs/triage.md). A baseline is the JSON that `findings`
// writes, or a text with one identifier a line. Immutable.
//
//     {"findings": [{"id": "double-free:4:0x296db600:g1:1", ...}]}    that identifier
//     # known since May                                               a comment
//     double-free:4:0x296db600:g1:1                                   that identifier
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/base/result.h"

namespace alloclens {

class Baseline {
public:
    /// Reads a baseline; `where` is the file's name, for errors. Errors (Usage): the text is neither JSON of findings
    /// nor a list; a line is not an identifier.
    [[nodiscard]] static Result<Baseline> parse(std::string_view text, const std::string& where);

    [[nodiscard]] bool contains(const std::string& id) const { return m_ids.contains(id); }
    /// Each identifier once, in the order of the file.
    [[nodiscard]] const std::vector<std::string>& ids() const { return m_order; }

private:
    void add(std::string id);

    std::unordered_set<std::string> m_ids;
    std::vector<std::string> m_order;
};

}  // namespace alloclens
