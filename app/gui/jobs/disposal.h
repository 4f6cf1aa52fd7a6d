// SPDX-License-Identifier: GPL-3.0-or-later
//
// Large values are freed off the GUI thread: giving back hundreds of megabytes takes tens of milliseconds, and nobody
// can tell which of the views and jobs that share a value lets go of it last.
#pragma once

#include <functional>
#include <memory>
#include <utility>

namespace alloclens {

/// Runs `free` on a thread of Qt's pool, or at once where the program is ending.
void freeInBackground(std::function<void()> free);

/// The same value; whoever lets go of it last does not wait while it is freed.
template <typename T>
[[nodiscard]] std::shared_ptr<const T> freedInBackground(std::shared_ptr<const T> value) {
    const T* const held = value.get();
    if (held == nullptr) return nullptr;
    return {held, [value = std::move(value)](const T*) mutable {
                freeInBackground([value = std::move(value)]() mutable { value.reset(); });
            }};
}

}  // namespace alloclens
