// SPDX-License-Identifier: GPL-3.0-or-later
//
// The server's answers to QUERY and DEVICE_INFO_QUERY, in the record size of the client
// (docs/formats/alloc-message.md). Smaller records leave out fields, as the servers of that size did. Any thread may
// call.
#pragma once

#include <cstddef>
#include <string>

#include "app/record/device_list.h"
#include "app/record/server_state.h"
#include "importers/alloc_message/message.h"

namespace alloclens::record {

/// Appends an answer of `recordSize` bytes to `to`. Requires: `recordSize` is one of the sizes of the format.
void appendUseAnswer(const alloc_message::Message& query, const DeviceUse& use, std::size_t recordSize,
                     std::string& to);
/// The same about `query.device`; -1 asks for the number of devices. Zeros if the device is unknown.
void appendDeviceAnswer(const alloc_message::Message& query, const DeviceList& devices, std::size_t recordSize,
                        std::string& to);

}  // namespace alloclens::record
