// SPDX-License-Identifier: GPL-3.0-or-later
//
// The errors of a recording that ends, or does not begin, because the system lacks memory or threads. Any thread may
// call.
#pragma once

#include <new>
#include <system_error>

#include "core/base/result.h"

namespace alloclens::record {

[[nodiscard]] inline Error noMemory() {
    return {
        ErrorKind::Output, "there is not enough memory to continue", {}, "End other programs, or allow more memory."};
}

[[nodiscard]] inline Error noThread() {
    return {ErrorKind::Output, "the system allows no more threads", {}, "Allow more threads, or more memory."};
}

/// Runs `work` and returns its Result. Turns bad_alloc and system_error into errors, which are made beforehand, since
/// memory may be gone afterwards.
template <typename Work>
[[nodiscard]] auto withoutThrowing(const Work& work) -> decltype(work()) {
    Error memory = noMemory();
    Error thread = noThread();
    try {
        return work();
    } catch (const std::bad_alloc&) {
        return memory;
    } catch (const std::system_error&) {
        return thread;
    }
}

}  // namespace alloclens::record
