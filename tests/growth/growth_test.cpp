// SPDX-License-Identifier: GPL-3.0-or-later
//
// Four times the input may cost each stage little more than four times the instructions. A quadratic stage costs about
// sixteen times as many, one with a sort four and a half.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace {

constexpr std::uint64_t kSmall = 40'000;
constexpr std::uint64_t kLarge = 4 * kSmall;
constexpr double kMostGrowth = 4.6;

/// Runs a stage under callgrind and returns the instructions that it counted. Returns 0 on failure; `output` then has
/// what it printed.
std::uint64_t instructionsOf(std::string_view stage, std::uint64_t size, std::string& output) {
    const std::string command = fmt::format(
        "'{}' --tool=callgrind --instr-atstart=no --callgrind-out-file=/dev/null '{}' {} {} 2>&1", ALLOCLENS_VALGRIND,
        ALLOCLENS_GROWTH_STAGE, stage, size);
    std::FILE* pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) return 0;
    std::array<char, 4096> block{};
    output.clear();
    while (const std::size_t got = std::fread(block.data(), 1, block.size(), pipe)) output.append(block.data(), got);
    if (::pclose(pipe) != 0) return 0;
    constexpr std::string_view kCollected = "Collected :";
    const std::size_t at = output.find(kCollected);
    return at == std::string::npos ? 0 : std::stoull(output.substr(at + kCollected.size()));
}

class Growth : public ::testing::TestWithParam<std::string_view> {};

TEST_P(Growth, IsAboutLinearInTheInput) {
    std::string output;
    const std::uint64_t small = instructionsOf(GetParam(), kSmall, output);
    ASSERT_GT(small, kSmall) << output;
    const std::uint64_t large = instructionsOf(GetParam(), kLarge, output);
    ASSERT_GT(large, kLarge) << output;  // a picture costs its pixels: a larger input may even cost less
    const double growth = static_cast<double>(large) / static_cast<double>(small);
    fmt::print("{}: {} instructions at {}, {} at {}: {:.2f} times\n", GetParam(), small, kSmall, large, kLarge, growth);
    EXPECT_LE(growth, kMostGrowth) << "four times the input may cost at most " << kMostGrowth << " times";
}

INSTANTIATE_TEST_SUITE_P(Stage, Growth,
                         ::testing::Values("parse", "parse-lost-sweeps", "parse-torn-reuse", "replay-slots",
                                           "replay-live-keys", "replay-deaths", "replay-many-keys", "detectors-slots",
                                           "detectors-deaths", "detectors-refusals", "detectors-mesh",
                                           "detectors-one-address", "detectors-own-addresses", "detectors-suspects",
                                           "detectors-pairs", "detectors-neighbours", "detectors-repeated-work",
                                           "report-pairs", "report-aliases", "detectors-sums", "replay-restarts",
                                           "guards-slots", "guards-deaths", "filter-columns", "filter-lifecycle",
                                           "scene", "scene-devices", "scene-aliases", "picture", "picture-devices"),
                         [](const auto& stage) {
                             std::string name(stage.param);
                             for (char& c : name) c = c == '-' ? '_' : c;
                             return name;
                         });

}  // namespace
