// SPDX-License-Identifier: GPL-3.0-or-later
//
// alloclens-generate: writes a log of the tracking server and, on request, the truth about it.
#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "disguise.h"
#include "generator.h"
#include "samples.h"

namespace {

using namespace alloclens::generator;

struct FileCloser {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

File openForWriting(const std::string& path) {
    File file(std::fopen(path.c_str(), "wb"));
    if (!file) {
        throw std::runtime_error("cannot open " + path);
    }
    return file;
}

void put(std::FILE* file, std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), file) != text.size()) {
        throw std::runtime_error("cannot write: the disk may be full");
    }
}

void close(File file) {
    if (std::fclose(file.release()) != 0) {
        throw std::runtime_error("cannot write: the disk may be full");
    }
}

TextSink sinkTo(std::FILE* file, std::optional<Disguise> disguise) {
    if (!disguise) {
        return [file](std::string_view text) { put(file, text); };
    }
    return
        [file, disguiser = Disguiser(*disguise)](std::string_view text) mutable { put(file, disguiser.apply(text)); };
}

struct Options {
    Recipe recipe;
    std::string generation = "G2";
    std::string disguise;
    std::string outPath;
    std::string truthPath;
    std::string capturePath;
    std::size_t recordSize = 112;
    std::string samplesDirectory;
    bool reference = false;
};

std::optional<Disguise> disguiseNamed(const std::string& name) {
    for (const NamedDisguise& known : disguises()) {
        if (known.name == name) {
            return known.disguise;
        }
    }
    return std::nullopt;
}

void run(Options options) {
    if (!options.samplesDirectory.empty()) {
        writeSamples(options.samplesDirectory);
    }
    if (options.outPath.empty()) {
        return;
    }
    options.recipe.generation = generationNamed(options.generation).value();
    File file = openForWriting(options.outPath);
    const TextSink sink = sinkTo(file.get(), disguiseNamed(options.disguise));
    Truth truth(options.recipe.generation);
    if (options.reference) {
        Generated generated = referenceLog();
        sink(generated.log);
        truth = std::move(generated.truth);
    } else {
        File captureFile = options.capturePath.empty() ? nullptr : openForWriting(options.capturePath);
        CaptureWriter capture(options.recordSize, sinkTo(captureFile.get(), std::nullopt));
        stream(options.recipe, sink, options.truthPath.empty() ? nullptr : &truth, captureFile ? &capture : nullptr);
        if (captureFile) {
            close(std::move(captureFile));
        }
    }
    close(std::move(file));
    if (!options.truthPath.empty()) {
        File truthFile = openForWriting(options.truthPath);
        put(truthFile.get(), truth.toJson() + "\n");
        close(std::move(truthFile));
    }
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Writes logs of the TT-Metal allocation tracking server for tests and benchmarks."};
    Options options;
    Recipe& recipe = options.recipe;
    std::vector<std::string> disguiseNames;
    for (const NamedDisguise& known : disguises()) {
        disguiseNames.emplace_back(known.name);
    }
    app.add_option("--generation", options.generation, "Server generation")
        ->check(CLI::IsMember({"G0", "G1", "G1e", "G2", "G3", "G4", "G5"}))
        ->capture_default_str();
    app.add_option("--seed", recipe.seed, "Seed; the same options and seed give the same bytes")->capture_default_str();
    app.add_option("--events", recipe.events, "Allocations and frees, about")->capture_default_str();
    app.add_option("--devices", recipe.devices, "Devices")->check(CLI::Range(1, 256))->capture_default_str();
    app.add_option("--processes", recipe.processes, "Processes")->check(CLI::Range(1, 1000))->capture_default_str();
    app.add_flag("--foreign", recipe.foreignLines, "Mix in lines of other programs");
    app.add_option("--disguise", options.disguise, "Disfigure the log")->check(CLI::IsMember(disguiseNames));
    CLI::Option* out = app.add_option("--out", options.outPath, "The log to write");
    app.add_option("--truth", options.truthPath, "The truth file to write, JSON")->needs(out);
    app.add_option("--capture", options.capturePath, "The same messages as they came through the socket")->needs(out);
    app.add_option("--record-size", options.recordSize, "Bytes of a message in the capture")
        ->check(CLI::IsMember({72, 112, 128, 144, 648}))
        ->capture_default_str();
    app.add_flag("--reference", options.reference, "Write the reference log instead")->needs(out);
    CLI::Option* samples = app.add_option("--samples", options.samplesDirectory,
                                          "Rewrite all bundled samples in that folder");
    CLI11_PARSE(app, argc, argv);
    if (out->empty() && samples->empty()) {
        std::fputs("alloclens-generate: --out or --samples is required\n", stderr);
        return 2;
    }
    try {
        run(options);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "alloclens-generate: %s\n", error.what());
        return 1;
    }
    return 0;
}
