// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a recording says that ends, or does not begin, because the system has no memory or no thread left for it. Free
// functions, for any thread.
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

/// Runs `work`, which gives a Result. What the system refuses it becomes an error. That is made beforehand, since there
/// may be no memory for it afterwards.
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
