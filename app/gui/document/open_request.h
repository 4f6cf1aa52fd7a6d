// SPDX-License-Identifier: GPL-3.0-or-later
//
// What somebody asked to be opened, and what is to follow once it is there. It travels with the load: a document takes
// it and gives it back with what it has read, so that nobody has to remember it meanwhile, and what was asked before
// is forgotten with the load that it came with. A plain value.
#pragma once

#include <QString>

#include <cstdint>

namespace alloclens {

struct OpenRequest {
    enum class Mode {
        Open,
        Reload,  ///< what is open, once more; it stays open until the whole of it has come
        Follow,  ///< while it is being written
    };

    QString path;
    Mode mode = Mode::Open;
    QString format = {};     ///< name of the importer to read it with; empty: the one that recognises the file
    QString filter = {};     ///< to be set with the first that is there to be seen
    std::uint32_t line = 0;  ///< to be selected as soon as it has been read; 0 for none
    /// The run to compare it with once all of it has been read; empty for none. Nobody said which is the earlier one.
    QString compareWith = {};
};

}  // namespace alloclens
