// SPDX-License-Identifier: GPL-3.0-or-later
//
// How the lines of other programs look in this log: text with every digit as a 0, each distinct one kept once, the
// first thousand. What is left of a torn stretch when an event is cut out of it must look like them, or nothing
// tells that the cut was right. Not thread-safe: what was found is remembered.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace alloclens::server_log {

class ForeignShapes {
public:
    static constexpr std::size_t kMost = 1000;

    void add(std::string_view line);
    void append(const ForeignShapes& other);
    void clear();

    /// How surely a text is a piece of another program's line.
    enum class Likeness {
        None,   ///< no line has such a piece
        Loose,  ///< one has, with numbers of other lengths
        Exact,
    };
    [[nodiscard]] Likeness likenessOf(std::string_view piece) const;
    /// A line begins exactly so.
    [[nodiscard]] bool beginsOne(std::string_view piece) const;
    /// A whole line is exactly so.
    [[nodiscard]] bool isOne(std::string_view piece) const;
    /// A line ends exactly so.
    [[nodiscard]] bool endsOne(std::string_view piece) const;
    /// In some line a digit stands before it.
    [[nodiscard]] bool followsDigit(std::string_view piece) const;
    [[nodiscard]] std::size_t count() const { return m_shapes.size(); }

private:
    /// The runs of so many characters that any shape has, scattered over a table of bits: most texts are in no shape.
    static constexpr std::size_t kRun = 4;
    static constexpr std::size_t kRunBits = std::size_t{1} << 16;
    using Runs = std::vector<bool>;

    void addShape(const std::string& shape);
    static void addRuns(std::string_view shape, Runs& runs);
    [[nodiscard]] static bool mayHold(const Runs& runs, std::string_view shape);

    std::vector<std::string> m_shapes;
    std::unordered_set<std::string> m_known;
    /// Text in which pieces are looked up, by its suffixes in their order: thousands of pieces are, in up to 256 KiB.
    class Index {
    public:
        void append(std::string_view line) { m_text.append("\n").append(line); }
        void clear();
        [[nodiscard]] const std::string& text() const { return m_text; }
        [[nodiscard]] bool holds(std::string_view part) const;

    private:
        void sortSuffixes() const;

        std::string m_text;
        mutable std::vector<std::uint32_t> m_suffixes;  ///< of as many characters as were sorted
    };
    Index m_exact;  ///< all shapes, each behind a line end
    Index m_loose;  ///< the same with numbers of one digit
    static constexpr std::size_t kMostRemembered = 50'000;
    mutable std::unordered_map<std::string, Likeness> m_likeness;  ///< by shape: the same pieces come again and again
    Runs m_exactRuns;
    Runs m_looseRuns;
};

}  // namespace alloclens::server_log
