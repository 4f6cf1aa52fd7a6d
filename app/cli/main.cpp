#include "core/analysis/analysis.h"
#include "importers/importer.h"

#include <cstdio>
using namespace alloclens;
int main(int, char** v) {
    auto t = readTrace(v[1], "", {}, {});
    if (!t) {
        std::puts(t.error().sentence().c_str());
        return 3;
    }
    auto a = analyse(*t, {});
    auto& x = (*a)->replay.totals;
    std::printf(
        "lines %u alloc %zu alias %zu part %zu fin %zu unk %zu swept %zu contr %zu diag %zu ev %zu facts %zu foreign %zu dam %zu\n",
        (*t)->source->lines(), x.allocations, x.aliasedAllocations, x.partialFrees, x.finalFrees, x.unknownFrees,
        x.swept, (*a)->replay.contradictions.size(), (*t)->diagnostics.total(), (*t)->lineCounts.events,
        (*t)->lineCounts.facts, (*t)->lineCounts.foreign, (*t)->lineCounts.damaged);
}
