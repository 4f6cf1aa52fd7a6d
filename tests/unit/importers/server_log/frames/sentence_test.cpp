// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/frames/sentence.h"

#include <gtest/gtest.h>

#include <string>

namespace alloclens::server_log {
namespace {

TEST(Sentence, AWholeOneIsKnownWithItsEnd) {
    const std::string text = "✓ [PID 7] Allocated 512 bytes of L1 on device 0 (buffer_id=0x10)";
    const SentenceMatch match = matchSentence(text + " comment");
    EXPECT_TRUE(match.isWhole);
    EXPECT_EQ(match.end, text.size());
}

TEST(Sentence, EveryBeginningOfOneIsABeginning) {
    for (const std::string text :
         {"✓ [PID 7] Allocated 512 bytes of L1 on device 0 (buffer_id=0x10, ref_count=2)",
          "✗ [PID 7] Freed buffer 16 on device 0 (8 bytes, ref_count=1 remaining)",
          "⚠ [PID 7] Deallocation for ALREADY FREED buffer 0x10 on device 0 (allocs=1 frees=2)",
          "   ✓ Removed 3 buffers (0.0117188 MB) from PID 20131", "    DRAM: 26214400 bytes (1.25829e+07 KB)",
          "  L1_SMALL: 3 buffers, 0.5 MB total", "    - Buffer 0x18b20: 12.5 KB (PID 7, ref_count=1)"}) {
        for (std::size_t length = 1; length < text.size(); ++length) {
            if ((static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) continue;
            const SentenceMatch match = matchSentence(text.substr(0, length));
            EXPECT_TRUE(match.isBeginning || match.isWhole) << text.substr(0, length);
        }
        EXPECT_TRUE(matchSentence(text).isWhole) << text;
    }
}

TEST(Sentence, WhoAsksForWholeOnesGetsTheSameEnd) {
    for (const std::string text : {"✓ [PID 7] Allocated 512 bytes of L1 on device 0 (buffer_id=0x10)",
                                   "  Device 3:", "   Device 0: Wormhole_B0 (12GB DRAM, 102MB L1)",
                                   "    Total: 12 bytes", "Total: 3 KB and more", "Total: 3",
                                   "  L1_SMALL: 3 buffers, 0.5 MB total", "Device 0:Device 1:", "Topology", ""}) {
        const SentenceMatch all = matchSentence(text);
        const SentenceMatch whole = matchWholeSentence(text);
        EXPECT_EQ(whole.isWhole, all.isWhole) << text;
        EXPECT_EQ(whole.begin, all.begin) << text;
        EXPECT_EQ(whole.end, all.end) << text;
    }
}

TEST(Sentence, OtherTextIsNone) {
    for (const std::string text : {"Unknown error", "[36423ms] L1 Peak on device 0: 1 MB (39 buffers)", "512",
                                   "[PID 7] is running", "Device memory is low", "bytes of L1"}) {
        EXPECT_FALSE(matchSentence(text).isWhole) << text;
        EXPECT_FALSE(matchSentence(text).isBeginning) << text;
    }
}

}  // namespace
}  // namespace alloclens::server_log
