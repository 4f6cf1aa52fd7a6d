// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/alloc_message/stack_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/trace/attribute_text.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> callsOf(std::string_view text) {
    AttributeTables tables;
    std::vector<std::string> calls;
    for (const FrameId frame : tables.stacks.framesOf(alloc_message::stackOf(text, tables)))
        calls.push_back(frameText(tables, frame));
    return calls;
}

Frame frameOf(std::string_view line, AttributeTables& tables) { return alloc_message::frameOf(line, tables.strings); }

TEST(StackText, ReadsLinesOfBacktraceSymbols) {
    EXPECT_THAT(callsOf("/opt/lib/libtt_metal.so(_ZN2tt8tt_metal6Buffer10deallocateEv+0x12) [0x7f12a0001234]\n"
                        "/opt/lib/libtt_metal.so(+0x1234) [0x7f12a0001234]\n"
                        "./app(main+0x7f) [0x401136]\n"),
                ElementsAre("tt::tt_metal::Buffer::deallocate()+0x12 in libtt_metal.so", "libtt_metal.so+0x1234",
                            "main+0x7f in app"));
}

TEST(StackText, CallsAreTheSameWhereverTheyAreLoaded) {
    AttributeTables tables;
    EXPECT_EQ(alloc_message::stackOf("lib.so(f+0x1) [0x7f0000000001]\n", tables),
              alloc_message::stackOf("lib.so(f+0x1) [0x7f9900000001]", tables));
}

TEST(StackText, ReadsLinesOfDebuggersAndSanitizers) {
    EXPECT_THAT(callsOf("#0 tt::tt_metal::Buffer::allocate() at buffer.cpp:211\n"
                        "#1  0x00007f12a0001234 in forward (x=1) at /src/model.cpp:31\n"
                        "    #2 0x4f2a in run /src/run.cpp:9\n"
                        "    #3 0x4f2b in step (/opt/lib/libm.so+0x1f)\n"
                        "#4 0x00007f12a0001234 in start () from /lib/libc.so.6\n"
                        " 5# main in ./app\n"
                        "#6 main"),
                ElementsAre("tt::tt_metal::Buffer::allocate() at buffer.cpp:211", "forward (x=1) at /src/model.cpp:31",
                            "run at /src/run.cpp:9", "step in libm.so", "start () in libc.so.6", "main in app",
                            "main"));
}

TEST(StackText, ReadsTheLogOfTheClientLibrary) {
    EXPECT_THAT(callsOf("  /opt/lib/libtt_metal.so : _ZN2tt3fooEv+0x1c)"),
                ElementsAre("tt::foo()+0x1c in libtt_metal.so"));
}

TEST(StackText, TheInnermostCallOfPythonComesLast) {
    EXPECT_THAT(callsOf("Traceback (most recent call last):\n"
                        "  File \"train.py\", line 12, in <module>\n"
                        "    main()\n"
                        "  File \"model.py\", line 31, in forward\n"
                        "    self.w.deallocate()  # at x:1\n"),
                ElementsAre("forward at model.py:31", "<module> at train.py:12"));
}

TEST(StackText, ALineInNoKnownFormIsACallOfItsOwn) {
    EXPECT_THAT(callsOf("someone called this\n\n  and this one  \r\nlib.so(_ZN2tt8tt_me"),
                ElementsAre("someone called this", "and this one", "lib.so(_ZN2tt8tt_me"));
    EXPECT_THAT(callsOf(""), IsEmpty());
    EXPECT_THAT(callsOf(" \n\t\n"), IsEmpty());
}

TEST(StackText, PartsOfALineThatAreMissingDoNoHarm) {
    for (const std::string_view line : {"(",
                                        ")",
                                        "()",
                                        "+",
                                        "#",
                                        "#1",
                                        "1#",
                                        "# 1",
                                        "#1 0x",
                                        "#1 0x1 in",
                                        " at :1",
                                        "x at y:",
                                        "x at :7",
                                        "(+0x1)",
                                        "a(+0x)",
                                        "a(b+0x1",
                                        "File \"",
                                        "File \"a\", line ",
                                        "File \"\", line 1",
                                        "File \"a\", line x, in b",
                                        " : ",
                                        "a : ",
                                        "a : b+0x1",
                                        "[0x1]",
                                        "a [0x",
                                        "/(",
                                        "#1 (",
                                        "#1 a (b+0x1",
                                        "#1 a (+0x1)",
                                        "_Z",
                                        "#1 from ",
                                        "#1 a in "}) {
        AttributeTables tables;
        const Frame frame = frameOf(line, tables);
        EXPECT_TRUE(frame.function.isValid() || frame.module.isValid() || frame.file.isValid()) << line;
    }
}

TEST(StackText, AnEndlessNameIsNotWrittenOut) {
    std::string name = "_Z1fSt4pairI";
    for (int i = 0; i < 30; ++i) name += "S_IS0_S0_ESt4pairI";
    AttributeTables tables;
    const Frame frame = frameOf("#1 " + name, tables);
    EXPECT_EQ(tables.strings.text(frame.function), name);
}

TEST(StackText, TheInnermostOfManyCallsAreKept) {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += "f" + std::to_string(i) + '\n';
    const auto calls = callsOf(text);
    ASSERT_EQ(calls.size(), StackTable::kMostFrames);
    EXPECT_EQ(calls.front(), "f0");
    EXPECT_EQ(calls.back(), "f255");
}

}  // namespace
}  // namespace alloclens
