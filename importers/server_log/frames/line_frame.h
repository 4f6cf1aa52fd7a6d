// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a collector made of a log's lines, as learnt from the log: what stands before and after each text, whether a
// line says of itself that it is a part, and how its bytes are written. Immutable once learnt.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "importers/server_log/frames/json_line.h"
#include "importers/server_log/frames/line_tail.h"
#include "importers/server_log/frames/tag_shape.h"
#include "importers/server_log/frames/text_coding.h"

namespace alloclens::server_log {

/// A part of a physical line: a text of one stream.
struct FramedPiece {
    enum class End {
        Unknown,  ///< whether the server's line ends with it, only its words can tell
        Open,     ///< the next piece of the stream belongs to it
        Closed,
    };
    std::string stream;  ///< the tag's name; empty where the line has none
    std::string text;
    End end = End::Unknown;
    bool hasTag = false;     ///< one stood before it, if only with a time in it
    bool continues = false;  ///< it belongs to the piece of the stream before it
};

class LineFrame {
public:
    enum class Kind {
        Bare,    ///< nothing stands before the texts
        Tagged,  ///< a tag
        Cri,     ///< "time stdout F ", P instead of F for parts
        GitLab,  ///< "time 01O ", + instead of the blank for what belongs to the line before
        Json,
    };

    /// Learns from lines of a log, in order, pieces of it standing side by side.
    [[nodiscard]] static LineFrame learn(const std::vector<std::string_view>& lines);

    [[nodiscard]] Kind kind() const { return m_kind; }
    /// Bytes are written as #342.
    [[nodiscard]] bool hasOctal() const { return m_hasOctal; }
    /// Characters are spelled otherwise, or lines end in something that headings cannot be told with, or in a mark that
    /// the next one belongs to them: reading the log as it is would lose something.
    [[nodiscard]] bool isRespelled() const { return m_coding.isAny() || m_hidesHeadings || m_backslashWidth > 0; }
    /// The piece of a whole line. A tag in its middle is left where it is.
    [[nodiscard]] FramedPiece read(std::string_view line) const;
    /// The tags' shape, for those in the middle of lines.
    [[nodiscard]] const TagShape* shape() const { return m_kind == Kind::Tagged ? &*m_shape : nullptr; }

private:
    void learnTags(const std::vector<std::string_view>& lines);
    void learnEnds(const std::vector<std::string_view>& lines);
    void learnBackslashes(const std::vector<std::string_view>& lines);

    Kind m_kind = Kind::Bare;
    bool m_hasOctal = false;
    TextCoding m_coding;
    std::optional<LineTail> m_tail;
    bool m_hidesHeadings = false;      ///< the tail does
    std::size_t m_backslashWidth = 0;  ///< a line of so many columns that ends in a backslash goes on in the next
    std::optional<TagShape> m_shape;
    std::optional<JsonShape> m_json;
};

/// Where the server's text begins in a line that holds an event: at the symbol before "[PID ". npos where there is
/// none.
[[nodiscard]] std::size_t eventTextBegin(std::string_view line);

/// The columns that a terminal needs for it.
[[nodiscard]] std::size_t displayWidth(std::string_view text);

}  // namespace alloclens::server_log
