// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes down what the messages of a capture mean, as lines of a part (docs/formats/alloc-message.md, "What becomes of
// a message"). One object a capture, used by the thread that reads it.
#pragma once

#include "importers/alloc_message/interpreter.h"

namespace alloclens::alloc_message {

class Judge {
public:
    Judge(TrackerRules rules, BufferTypes numbering) : m_interpreter(rules, numbering) {}

    /// Adds what the message means as the part's last line.
    void add(const Message& message, TracePart& part);

private:
    Interpreter m_interpreter;
};

}  // namespace alloclens::alloc_message
