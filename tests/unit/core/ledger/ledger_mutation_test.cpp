// SPDX-License-Identifier: GPL-3.0-or-later
//
// A thousand small changes to logs that are proven, one at a time: a line lost, doubled, exchanged with another of its
// address, or one number changed. The ledger must notice each, at the change or behind it, but for those that no
// number of the log can show; docs/ledger.md has the shares that this test prints.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "core/ledger/ledger.h"
#include "tests/generator/generator.h"
#include "tests/unit/support/log_fixture.h"

namespace alloclens {
namespace {

using generator::Generation;

enum class Sort { Deleted, Doubled, Exchanged, Changed };
constexpr const char* kSortNames[] = {"deleted", "doubled", "exchanged", "one number changed"};

std::vector<std::string> linesOf(const std::string& log) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < log.size();) {
        const std::size_t end = log.find('\n', at);
        lines.push_back(log.substr(at, end - at + 1));
        at = end + 1;
    }
    return lines;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string log;
    for (const std::string& line : lines) log += line;
    return log;
}

bool contains(const std::string& line, const char* words) { return line.find(words) != std::string::npos; }

bool isAllocation(const std::string& line) { return contains(line, "] Allocated "); }
bool isAcceptedFree(const std::string& line) { return contains(line, "] Freed buffer "); }
bool isRefusedFree(const std::string& line) { return contains(line, "] Deallocation for "); }
bool isEvent(const std::string& line) { return isAllocation(line) || isAcceptedFree(line) || isRefusedFree(line); }

/// Whether the server printed a number on this line that it computed: the text of banners has none.
bool hasNumber(const std::string& line) {
    static constexpr const char* kOthers[] = {
        "Listening on", "(checking every", "Last 5 events",    "Ctrl+C",        "Invalid ",       "Kernel ID",
        "Owner PID",    "Age: ",           "Device detection", "DRAM size per", "Number of DRAM", "L1 size per",
        "Grid size",    "Is remote",       "Topology",         "Arch: "};
    if (std::any_of(std::begin(kOthers), std::end(kOthers), [&](const char* words) { return contains(line, words); }))
        return false;
    return std::any_of(line.begin(), line.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// "on device 4 ... 0x18b20": what makes two event lines be of one address.
std::string keyOf(const std::string& line) {
    const auto behind = [&line](const char* words) -> std::string {
        const std::size_t at = line.find(words);
        if (at == std::string::npos) return {};
        const std::size_t from = at + std::string(words).size();
        return line.substr(from, line.find_first_of(" ,)\n", from) - from);
    };
    const std::string id = isAllocation(line) ? behind("buffer_id=") : behind(" buffer ");
    return behind("on device ") + '/' + id;
}

struct Mutant {
    Sort sort = Sort::Deleted;
    std::uint32_t line = 0;  ///< 1-based, where the log begins to differ
    std::string original;
    std::string changed;
    std::string log;
};

class Mutator {
public:
    Mutator(std::vector<std::string> lines, std::uint64_t seed) : m_lines(std::move(lines)), m_random(seed) {}

    std::optional<Mutant> mutant(Sort sort) {
        const std::size_t at = m_random() % m_lines.size();
        if (!hasNumber(m_lines[at])) return std::nullopt;
        Mutant mutant{sort, static_cast<std::uint32_t>(at + 1), m_lines[at], {}, {}};
        std::vector<std::string> lines = m_lines;
        switch (sort) {
        case Sort::Deleted: lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at)); break;
        case Sort::Doubled: lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), lines[at]); break;
        case Sort::Exchanged:
            if (!exchange(lines, at, mutant)) return std::nullopt;
            break;
        case Sort::Changed:
            changeNumber(lines[at]);
            mutant.changed = lines[at];
            break;
        }
        mutant.log = joined(lines);
        return mutant;
    }

private:
    // With the next line of the same address.
    bool exchange(std::vector<std::string>& lines, std::size_t at, Mutant& mutant) {
        if (!isEvent(lines[at])) return false;
        const std::string key = keyOf(lines[at]);
        for (std::size_t next = at + 1; next < lines.size(); ++next) {
            if (!isEvent(lines[next]) || keyOf(lines[next]) != key) continue;
            if (lines[next] == lines[at]) return false;
            mutant.changed = lines[next];
            std::swap(lines[at], lines[next]);
            return true;
        }
        return false;
    }

    // One digit of one number becomes another; a first digit never 0, so that the number stays one.
    void changeNumber(std::string& line) {
        std::vector<std::size_t> digits;
        for (std::size_t i = 0; i < line.size(); ++i) {
            const bool isWord = i > 0 && (std::isalpha(static_cast<unsigned char>(line[i - 1])) != 0);
            const bool isPrefix = line[i] == '0' && i + 1 < line.size() && line[i + 1] == 'x';
            if (std::isdigit(static_cast<unsigned char>(line[i])) != 0 && !isWord && !isPrefix) digits.push_back(i);
        }
        if (digits.empty()) return;
        char& digit = line[digits[m_random() % digits.size()]];
        digit = static_cast<char>('1' + (digit - '1' + 1 + static_cast<int>(m_random() % 8)) % 9);
    }

    std::vector<std::string> m_lines;
    std::mt19937_64 m_random;
};

/// The next event line of the same address behind a change, or an empty one.
std::string nextOfKey(const Mutant& mutant) {
    const std::vector<std::string> lines = linesOf(mutant.log);
    const std::string key = keyOf(mutant.original);
    const std::size_t from = mutant.line - (mutant.sort == Sort::Deleted ? 1 : 0);
    const auto next = std::find_if(lines.begin() + static_cast<std::ptrdiff_t>(from), lines.end(),
                                   [&key](const std::string& line) { return isEvent(line) && keyOf(line) == key; });
    return next == lines.end() ? std::string() : *next;
}

/// Why no number of the log can show a change, or nothing where one should.
const char* excuse(const Mutant& mutant) {
    const bool isEnhanced = contains(mutant.log, "Enhanced Allocation Server");
    const bool isFreed = isAcceptedFree(nextOfKey(mutant));
    if (isRefusedFree(mutant.original) && !isEnhanced) return "a refused free changes nothing in the server's table";
    if (mutant.original == mutant.changed) return "nothing changed";
    if (contains(mutant.original, "GB DRAM")) return "what a device has is printed once";
    if (isAllocation(mutant.original) && contains(mutant.original, "ref_count=")) {
        if (mutant.sort == Sort::Changed) return "the server keeps neither process nor size of a re-allocation";
        if (!isFreed) return "a re-allocation whose count is not printed again";
    }
    if (isAllocation(mutant.original) && mutant.sort == Sort::Changed && !isFreed)
        return "the owner of a buffer of which nothing is printed again";
    return nullptr;
}

struct Share {
    int all = 0;
    int noticed = 0;
    std::map<std::string, int> excused;
};

TEST(LedgerMutations, AreNoticedUnlessNoNumberCanShowThem) {
    constexpr Generation kGenerations[] = {Generation::G1, Generation::G1e, Generation::G2, Generation::G3,
                                           Generation::G4};
    constexpr int kMutants = 1'000;
    std::vector<std::vector<std::string>> logs;
    for (const Generation generation : kGenerations) {
        generator::Recipe recipe;
        recipe.generation = generation;
        recipe.seed = 11;
        recipe.events = 600;
        recipe.statisticsEvery = 150;
        recipe.dumpEvery = 200;
        logs.push_back(linesOf(generator::generate(recipe).log));
    }
    std::map<Sort, Share> shares;
    std::vector<Mutator> mutators;
    for (std::size_t i = 0; i < logs.size(); ++i) mutators.emplace_back(logs[i], 1000 + i);
    for (int made = 0; made < kMutants;) {
        const auto sort = static_cast<Sort>(made % 4);
        const auto mutant = mutators[static_cast<std::size_t>(made) % mutators.size()].mutant(sort);
        if (!mutant) continue;
        ++made;
        const auto analysis = test::analyseLog(mutant->log);
        const auto ledger = makeLedger(analysis->replay, {});
        ASSERT_TRUE(ledger);
        Share& share = shares[sort];
        ++share.all;
        if (ledger->grade != LedgerGrade::Proven) {
            ++share.noticed;
            ASSERT_TRUE(ledger->firstDivergence) << mutant->original << mutant->changed;
            EXPECT_GE(ledger->firstDivergence->line, mutant->line)
                << kSortNames[static_cast<int>(sort)] << ": " << mutant->original << mutant->changed
                << ledger->firstDivergence->what;
            continue;
        }
        const char* const why = excuse(*mutant);
        ++share.excused[why == nullptr ? "-" : why];
        EXPECT_NE(why, nullptr) << kSortNames[static_cast<int>(sort)] << ", line " << mutant->line << ": "
                                << mutant->original << mutant->changed;
    }
    for (const auto& [sort, share] : shares) {
        std::printf("%s: %d of %d noticed\n", kSortNames[static_cast<int>(sort)], share.noticed, share.all);
        for (const auto& [why, count] : share.excused) std::printf("    %d %s\n", count, why.c_str());
    }
}

}  // namespace
}  // namespace alloclens
