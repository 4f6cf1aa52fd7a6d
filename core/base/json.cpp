// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"

namespace alloclens {

bool isNestedTooDeep(std::string_view text) {
    int depth = 0;
    bool isInString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (isInString) {
            if (c == '\\') ++i;
            isInString = c != '"';
        } else if (c == '"') {
            isInString = true;
        } else if (c == '[' || c == '{') {
            if (++depth > kMaxJsonDepth) return true;
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return false;
}

static_assert(kMaxJsonDepth == 64, "the sentence names it");
std::string_view jsonFault(std::string_view text) {
    return isNestedTooDeep(text) ? "nests lists and objects deeper than 64 levels" : "is not valid JSON";
}

}  // namespace alloclens
