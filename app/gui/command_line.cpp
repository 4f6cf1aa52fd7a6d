// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/command_line.h"

#include <QObject>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include "core/base/standard_streams.h"

namespace alloclens {
namespace {

constexpr auto kHelp = R"(Usage: alloclens [OPTION]... [FILE]...
       alloclens --export-timeline PICTURE [--size WIDTHxHEIGHT] [--scale N] FILE

Opens logs of a device-memory allocation tracker, plain or compressed, one window each.

  --follow                   show each FILE as it is being written
  --export-timeline PICTURE  write the whole timeline of FILE as a PNG, SVG or PDF picture and exit
  --size WIDTHxHEIGHT        the picture's size in screen points; the default is 1600x900
  --scale N                  pixels of a PNG for each point, such as 2; the default is 1
  --theme light|dark|system  colours of the window
  -h, --help                 print this and exit
  -v, --version              print the version and exit

Exit status: 0 done, 2 the command line is wrong; of --export-timeline also 1 the picture cannot be written,
3 FILE cannot be read or has an unknown format.
)";

constexpr double kMostPixels = 200'000'000;  // four bytes each

bool takeSize(CommandLine& line, const QString& value) {
    constexpr int kLeast = 200;
    constexpr int kMost = 20'000;
    const QStringList sides = value.toLower().split('x');
    if (sides.size() != 2) return false;
    line.size = {sides[0].toInt(), sides[1].toInt()};  // 0 where it is no number
    return std::min(line.size.width(), line.size.height()) >= kLeast
           && std::max(line.size.width(), line.size.height()) <= kMost;
}

bool takeScale(CommandLine& line, const QString& value) {
    line.scale = value.toDouble();  // likewise; not a number is neither
    return line.scale >= 0.5 && line.scale <= 8;
}

/// An option with a value.
struct Option {
    const char* name;
    const char* values;  ///< those that `take` takes
    bool (*take)(CommandLine& line, const QString& value);
};

constexpr std::array kOptions = {
    Option{"--export-timeline", "the name of a picture",
           [](CommandLine& line, const QString& value) {
               line.picture = value;
               return true;
           }},
    Option{"--size", "WIDTHxHEIGHT, each 200 to 20000", takeSize},
    Option{"--scale", "a number from 0.5 to 8", takeScale},
    Option{"--theme", "light, dark or system",
           [](CommandLine& line, const QString& value) {
               line.theme = themeChoiceFromName(value);
               return line.theme.has_value();
           }},
};

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
    bool shapesPicture = false;
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
        const auto option = std::find_if(kOptions.begin(), kOptions.end(),
                                         [&name](const Option& known) { return name == QLatin1String(known.name); });
        if (option == kOptions.end()) {
            line.problem = QObject::tr("unknown option %1; --help lists the options.").arg(name);
            return line;
        }
        if (!value && i + 1 < arguments.size()) value = arguments[++i];
        if (!value || value->isEmpty()) {
            line.problem = QObject::tr("%1 needs a value.").arg(name);
            return line;
        }
        if (!option->take(line, *value)) {
            line.problem = QObject::tr("%1 is %2, not \"%3\".").arg(name, QObject::tr(option->values), *value);
            return line;
        }
        shapesPicture |= name == "--size" || name == "--scale";
    }
    if (shapesPicture && line.picture.isEmpty()) {
        line.problem = QObject::tr("--size and --scale need --export-timeline.");
    } else if (line.size.width() * line.scale * line.size.height() * line.scale > kMostPixels) {
        line.problem = QObject::tr("--size and --scale together make more than %1 million pixels.")
                           .arg(kMostPixels / 1'000'000);
    } else if (!line.picture.isEmpty() && line.files.size() != 1) {
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
