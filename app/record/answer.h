// SPDX-License-Identifier: GPL-3.0-or-later
//
// The server's answers to QUERY and DEVICE_INFO_QUERY, in the record size of who asks (docs/formats/alloc-message.md).
// What a size has no room for is left out, as its servers did. Free function, for any thread.
#pragma once

#include <cstddef>
#include <string>

#include "app/record/device_list.h"
#include "app/record/server_state.h"
#include "importers/alloc_message/message.h"

namespace alloclens::record {

/// Appends a record of `recordSize` bytes.
void appendUseAnswer(const alloc_message::Message& query, const DeviceUse& use, std::size_t recordSize,
                     std::string& to);
void appendDeviceAnswer(const alloc_message::Message& query, const DeviceList& devices, std::size_t recordSize,
                        std::string& to);

}  // namespace alloclens::record
