// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/command_line.h"

#include <QObject>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include "core/base/standard_streams.h"

namespace alloclens {
namespace {

constexpr auto kHelp = R"(Usage: alloclens [OPTION]... [FILE]...
       alloclens --export-timeline PICTURE FILE

Opens logs of a device-memory allocation tracker, plain or compressed, one window each.

  --follow                   show each FILE as it is being written
  --export-timeline PICTURE  write the whole timeline of FILE as a PNG, SVG or PDF picture and exit
  --theme light|dark|system  colours of the window
  -h, --help                 print this and exit
  -v, --version              print the version and exit

Exit status: 0 done, 2 the command line is wrong; of --export-timeline also 1 the picture cannot be written,
3 FILE cannot be read or has an unknown format.
)";

// Its status: 1 where standard output does not take the text.
int answer(const char* text) {
    if (std::fputs(text, stdout) >= 0 && std::fflush(stdout) == 0) return 0;
    saySentence("alloclens", std::string("standard output: cannot be written to: ") + std::strerror(errno) + '.');
    return 1;
}

}  // namespace

CommandLine parseCommandLine(const QStringList& arguments) {
    CommandLine line;
    bool onlyFiles = false;
    for (qsizetype i = 1; i < arguments.size(); ++i) {
        QString name = arguments[i];
        if (onlyFiles || !name.startsWith('-') || name == "-") {
            line.files += name;
            continue;
        }
        if (name == "--") {
            onlyFiles = true;
            continue;
        }
        if (name == "--follow") {
            line.follows = true;
            continue;
        }
        std::optional<QString> value;
        if (const qsizetype equals = name.indexOf('='); equals > 0) {
            value = name.mid(equals + 1);
            name.truncate(equals);
        }
        const bool isTheme = name == "--theme";
        if (!isTheme && name != "--export-timeline") {
            line.problem = QObject::tr("unknown option %1; --help lists the options.").arg(name);
            return line;
        }
        if (!value && i + 1 < arguments.size()) value = arguments[++i];
        if (!value || value->isEmpty()) {
            line.problem = QObject::tr("%1 needs a value.").arg(name);
            return line;
        }
        if (!isTheme) {
            line.picture = *value;
        } else if (line.theme = themeChoiceFromName(*value); !line.theme) {
            line.problem = QObject::tr("--theme is light, dark or system, not \"%1\".").arg(*value);
            return line;
        }
    }
    if (!line.picture.isEmpty() && line.files.size() != 1) {
        line.problem = QObject::tr("--export-timeline needs one FILE; got %1.").arg(line.files.size());
    } else if (line.follows && line.files.isEmpty()) {
        line.problem = QObject::tr("--follow needs a FILE.");
    }
    return line;
}

std::optional<int> answerWithoutDisplay(int argc, const char* const* argv) {
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument == "--") break;
        if (argument == "-h" || argument == "--help") {
            return answer(kHelp);
        }
        if (argument == "-v" || argument == "--version") {
            return answer("alloclens " ALLOCLENS_VERSION "\n");
        }
    }
    return std::nullopt;
}

}  // namespace alloclens
