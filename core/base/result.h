// SPDX-License-Identifier: GPL-3.0-or-later
//
// The outcome of an operation that can fail for reasons outside the program. `Result<T>` holds a value or an `Error`,
// whose parts say what went wrong, where, and what to do about it. The member names are those of std::expected (C++23).
// No exception crosses a target's boundary.
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace alloclens {

enum class ErrorKind {
    Input,      ///< the input cannot be opened or read
    Format,     ///< the format of the input is unknown
    Output,     ///< a result cannot be written
    Usage,      ///< the user asked for something that makes no sense, such as a filter that does not parse
    Cancelled,  ///< the user cancelled; nothing is wrong
};

struct Error {
    ErrorKind kind = ErrorKind::Input;
    std::string what;    ///< one clause: "cannot be opened: permission denied"
    std::string where;   ///< a path, or a position in a text; may be empty
    std::string advice;  ///< what the user can do; may be empty

    /// One text for a person: "a.log: cannot be opened. Check the path."
    [[nodiscard]] std::string sentence() const {
        std::string text = where.empty() ? what : where + ": " + what;
        if (!text.empty() && text.back() != '.') text += '.';
        if (!advice.empty()) text += ' ' + advice;
        return text;
    }
};

template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool has_value() const { return m_state.index() == 0; }
    explicit operator bool() const { return has_value(); }
    [[nodiscard]] T& value() {
        assert(has_value());
        return *std::get_if<0>(&m_state);
    }
    [[nodiscard]] const T& value() const {
        assert(has_value());
        return *std::get_if<0>(&m_state);
    }
    [[nodiscard]] const Error& error() const {
        assert(!has_value());
        return *std::get_if<1>(&m_state);
    }
    T& operator*() { return value(); }
    const T& operator*() const { return value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

private:
    std::variant<T, Error> m_state;
};

/// The outcome of an operation that returns no value.
template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : m_error(std::move(error)), m_failed(true) {}
    [[nodiscard]] bool has_value() const { return !m_failed; }
    explicit operator bool() const { return has_value(); }
    [[nodiscard]] const Error& error() const {
        assert(m_failed);
        return m_error;
    }

private:
    Error m_error;
    bool m_failed = false;
};

}  // namespace alloclens
