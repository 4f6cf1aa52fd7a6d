// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/compare.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include "core/base/interner.h"

namespace alloclens {
namespace {

/// A kind of buffer that a program allocates again and again at different addresses.
struct Sort {
    Memory memory = Memory::Unknown;
    std::uint64_t size = kNoSize;
    friend bool operator==(const Sort&, const Sort&) = default;
};
struct SortHash {
    [[nodiscard]] std::size_t operator()(const Sort& sort) const {
        return mixBits(sort.size ^ static_cast<std::uint64_t>(sort.memory) << 60);
    }
};

/// How many lifetimes of a sort a run had, and how many were freed.
struct Uses {
    std::uint64_t all = 0;
    std::uint64_t freed = 0;
};
using UsesOfSorts = std::unordered_map<Sort, Uses, SortHash>;

class Side {
public:
    explicit Side(const Analysis& analysis) : m_analysis(analysis) {
        const auto& clusters = analysis.findings.clusters;
        for (std::uint32_t i = 0; i < clusters.size(); ++i) m_clusters[clusters[i].signature].push_back(i);
    }

    [[nodiscard]] bool countUses(const TaskContext& task) {
        const LifetimeTable& table = m_analysis.replay.lifetimes;
        for (std::size_t i = 0; i < table.size(); ++i) {
            if (i % TaskContext::kPollRows == 0 && task.isCancelled()) return false;
            Uses& uses = m_uses[{table.memory(i), m_analysis.replay.sizeOf(LifetimeId(i))}];
            ++uses.all;
            uses.freed += table.end(i) == LifetimeEnd::Freed ? 1 : 0;
        }
        return true;
    }

    [[nodiscard]] const std::map<std::string, std::vector<std::uint32_t>>& clusters() const { return m_clusters; }

    [[nodiscard]] ClusterSide sideOf(const std::string& signature) const {
        ClusterSide side;
        const auto at = m_clusters.find(signature);
        if (at == m_clusters.end()) return side;
        std::set<std::int32_t> devices;
        std::uint64_t largest = 0;
        for (const std::uint32_t i : at->second) {
            const Cluster& cluster = m_analysis.findings.clusters[i];
            side.count += cluster.count;
            ++side.clusters;
            devices.insert(cluster.devices.begin(), cluster.devices.end());
            if (side.firstLine == 0 || cluster.firstLine < side.firstLine) side.firstLine = cluster.firstLine;
            if (cluster.count <= largest) continue;
            largest = cluster.count;
            side.sentence = cluster.sentence;
        }
        side.devices.assign(devices.begin(), devices.end());
        side.members = at->second;
        return side;
    }
    /// Counts the clusters of signature `from` under `to` from now on.
    void rename(const std::string& from, const std::string& to) {
        auto node = m_clusters.extract(from);
        node.key() = to;
        m_clusters.insert(std::move(node));
        m_renamed[from] = to;
    }
    [[nodiscard]] std::uint8_t kindOf(const std::string& signature) const {
        return m_analysis.findings.clusters[m_clusters.at(signature).front()].kind;
    }

    /// For each signature: the sorts of its findings' lifetimes.
    [[nodiscard]] std::map<std::string, std::set<std::pair<Memory, std::uint64_t>>> sorts() const {
        std::map<std::string, std::set<std::pair<Memory, std::uint64_t>>> sorts;
        for (const Finding& finding : m_analysis.findings.rows) {
            if (finding.size == kNoSize) continue;
            const std::string& signature = m_analysis.findings.clusters[finding.cluster.index()].signature;
            const auto renamed = m_renamed.find(signature);
            sorts[renamed == m_renamed.end() ? signature : renamed->second].insert({finding.memory, finding.size});
        }
        return sorts;
    }
    [[nodiscard]] Uses usesOf(const Sort& sort) const {
        const auto at = m_uses.find(sort);
        return at == m_uses.end() ? Uses{} : at->second;
    }

private:
    const Analysis& m_analysis;
    std::map<std::string, std::vector<std::uint32_t>> m_clusters;  ///< by signature
    std::map<std::string, std::string> m_renamed;
    UsesOfSorts m_uses;
};

// A log that stops early shows the leaks of the other run as open buffers. They are neither fixed nor new.
void takeOpenForLeaks(Side& of, const Side& other) {
    const std::string open(kindInfo(static_cast<std::uint8_t>(FindingKind::OpenAtEnd)).name);
    const std::string leak(kindInfo(static_cast<std::uint8_t>(FindingKind::Leak)).name);
    std::vector<std::string> signatures;
    for (const auto& [signature, clusters] : of.clusters()) {
        if (signature.starts_with(open)) signatures.push_back(signature);
    }
    for (const std::string& signature : signatures) {
        const std::string asLeak = leak + signature.substr(open.size());
        const bool isPair = other.clusters().contains(asLeak) && !other.clusters().contains(signature)
                            && !of.clusters().contains(asLeak);
        if (isPair) of.rename(signature, asLeak);
    }
}

// A double free needs an earlier release; the other faults need an allocation only.
bool needsRelease(std::uint8_t kind) { return static_cast<FindingKind>(kind) == FindingKind::DoubleFree; }

/// The second run did it at least half as often, for more than half of the sorts of buffers.
bool isExercised(const Exercise& exercise) {
    return exercise.isKnown && exercise.after > 0 && exercise.after * 2 >= exercise.before;
}

template <typename Sorts>
Exercise exerciseOf(const Sorts& sorts, std::uint8_t kind, const Side& before, const Side& after) {
    Exercise exercise;
    std::size_t missing = 0;
    for (const auto& [memory, size] : sorts) {
        const Uses then = before.usesOf({memory, size});
        const Uses now = after.usesOf({memory, size});
        const std::uint64_t count = needsRelease(kind) ? now.freed : now.all;
        exercise.before += needsRelease(kind) ? then.freed : then.all;
        exercise.after += count;
        missing += count == 0 ? 1 : 0;
    }
    // A missing size might have been the decisive one, unless there are many sizes.
    exercise.isKnown = !sorts.empty();
    if (missing * 2 >= sorts.size()) exercise.after = 0;
    return exercise;
}

ClusterState stateOf(const ComparedCluster& cluster) {
    if (cluster.before.count == 0) return ClusterState::New;
    if (cluster.after.count > 0) {
        const bool isSame = cluster.before.count == cluster.after.count
                            && cluster.before.devices == cluster.after.devices;
        return isSame ? ClusterState::Same : ClusterState::Changed;
    }
    return isExercised(cluster.exercise) ? ClusterState::Fixed : ClusterState::NotExercised;
}

}  // namespace

std::string_view clusterStateName(ClusterState state) {
    static constexpr std::array<std::string_view, kClusterStateCount> kNames = {"new", "changed", "same", "fixed",
                                                                                "not-exercised"};
    return kNames[static_cast<std::size_t>(state)];
}

int displayRank(ClusterState state) {
    switch (state) {
    case ClusterState::New: return 0;
    case ClusterState::Changed: return 1;
    case ClusterState::Fixed: return 2;
    case ClusterState::NotExercised: return 3;
    case ClusterState::Same: return 4;
    }
    return kClusterStateCount;
}

Result<Comparison> compareRuns(const Analysis& before, const Analysis& after, const TaskContext& task) {
    Side then(before);
    Side now(after);
    if (!then.countUses(task) || !now.countUses(task)) return TaskContext::cancelled();
    takeOpenForLeaks(then, now);
    takeOpenForLeaks(now, then);
    const auto sorts = then.sorts();
    std::set<std::string> signatures;
    for (const Side* side : {&then, &now}) {
        for (const auto& [signature, clusters] : side->clusters()) signatures.insert(signature);
    }
    Comparison comparison;
    for (const std::string& signature : signatures) {
        ComparedCluster& cluster = comparison.clusters.emplace_back();
        cluster.signature = signature;
        cluster.before = then.sideOf(signature);
        cluster.after = now.sideOf(signature);
        cluster.kind = (cluster.before.count > 0 ? then : now).kindOf(signature);
        if (const auto at = sorts.find(signature); at != sorts.end())
            cluster.exercise = exerciseOf(at->second, cluster.kind, then, now);
        cluster.state = stateOf(cluster);
        ++comparison.countOf[static_cast<std::size_t>(cluster.state)];
    }
    std::stable_sort(comparison.clusters.begin(), comparison.clusters.end(),
                     [](const ComparedCluster& a, const ComparedCluster& b) {
                         const auto key = [](const ComparedCluster& of) {
                             return std::tuple(of.state, of.kind, ~std::max(of.before.count, of.after.count));
                         };
                         return key(a) < key(b);
                     });
    return comparison;
}

}  // namespace alloclens
