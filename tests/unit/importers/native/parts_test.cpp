// SPDX-License-Identifier: GPL-3.0-or-later
//
// A recording in several files opens as one from its first, also while it is written; what is missing is said, and what
// is not of the recording stays out.
#include "importers/native/parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <sys/resource.h>
#include <sys/stat.h>

#include "core/wording/story.h"
#include "importers/follower.h"
#include "importers/native/writer.h"
#include "tests/unit/importers/native/trace_copy.h"

namespace alloclens {
namespace {

using test::wholeText;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::uint32_t kEventsInBlock = 20;

class Parts : public ::testing::Test {
protected:
    void SetUp() override {
        std::string name = (std::filesystem::temp_directory_path() / "alloclens-parts-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) test::stop("no folder");
        m_folder = name;
    }
    void TearDown() override { std::filesystem::remove_all(m_folder); }

    [[nodiscard]] std::string path(unsigned part = 1) const {
        return native::partPath((m_folder / "run.alens").string(), part);
    }

    [[nodiscard]] native::Writer start(unsigned part, const std::string& run = "a") const {
        native::Description description;
        description.format = "recorder";
        description.addressForm = AddressForm::Hexadecimal;
        description.json = fmt::format(R"({{"run":"{}","part":{}}})", run, part);
        auto writer = native::Writer::create(path(part), description, true);
        if (!writer) test::stop(writer.error().sentence());
        return std::move(*writer);
    }

    // Addresses are allocated in one block and freed in the next one, whatever the files.
    static void writeBlock(native::Writer& writer, std::uint32_t number) {
        native::Block block;
        block.lines = kEventsInBlock;
        block.lineCounts.events = kEventsInBlock;
        for (std::uint32_t i = 0; i < kEventsInBlock; ++i) {
            TracePart::Event event;
            event.kind = number % 2 == 0 ? EventKind::Allocation : EventKind::FinalFree;
            event.memory = Memory::Dram;
            event.key = {static_cast<std::int32_t>(i % 2),
                         4096 + std::uint64_t{number / 2} * 64 * kEventsInBlock + i * 64};
            event.pid = 100;
            event.size = 64;
            event.line = i + 1;
            event.time = 1000 + number * std::int64_t{kEventsInBlock} + i;
            block.events.push_back(event);
        }
        if (const auto done = writer.write(block); !done) test::stop(done.error().sentence());
    }

    static void finish(native::Writer& writer) {
        if (const auto done = writer.note(R"({"note":"end-of-recording"})"); !done) test::stop(done.error().sentence());
        if (const auto done = writer.finish(); !done) test::stop(done.error().sentence());
    }

    // Parts of three blocks each; an odd number, so that frees lie in another part than allocations.
    void writePart(unsigned part, const std::string& run = "a") const {
        native::Writer writer = start(part, run);
        for (std::uint32_t i = 0; i < 3; ++i) writeBlock(writer, (part - 1) * 3 + i);
        finish(writer);
    }

    [[nodiscard]] std::shared_ptr<const Trace> open(unsigned part = 1, unsigned threads = 2) const {
        ReadOptions options;
        options.threads = threads;
        const auto trace = readTrace(path(part), {}, options, {});
        if (!trace) test::stop(trace.error().sentence());
        return *trace;
    }

    [[nodiscard]] static std::vector<std::string> saidOf(const Trace& trace, DiagnosticCode code) {
        std::vector<std::string> said;
        for (const Diagnostic& diagnostic : trace.diagnostics.kept()) {
            if (diagnostic.code == code) said.push_back(diagnostic.detail);
        }
        return said;
    }

    std::filesystem::path m_folder;
};

TEST_F(Parts, TheFirstOneOpensAllAsOne) {
    for (const unsigned part : {1U, 2U, 3U, 4U}) writePart(part);
    const auto trace = open();
    EXPECT_EQ(trace->events.count(), 12 * kEventsInBlock);
    EXPECT_EQ(trace->source->lines(), 12 * kEventsInBlock);
    EXPECT_EQ(trace->lineCounts.events, 12 * kEventsInBlock);
    EXPECT_EQ(trace->diagnostics.total(), 0U);
    EXPECT_EQ(trace->origin.notes.size(), 4U);
    EXPECT_EQ(wholeText(*open(1, 1)), wholeText(*trace));
    // What was allocated in one part and freed in the next is one lifetime.
    const auto analysis = analyse(trace, {});
    ASSERT_TRUE(analysis);
    EXPECT_TRUE((*analysis)->findings.rows.empty());

    // The same as one file.
    native::Writer writer = start(1);
    for (std::uint32_t i = 0; i < 12; ++i) writeBlock(writer, i);
    finish(writer);
    for (const unsigned part : {2U, 3U, 4U}) std::filesystem::remove(path(part));
    const auto whole = open();
    EXPECT_EQ(wholeText(*whole), wholeText(*trace));
}

TEST_F(Parts, ALaterOneAloneSaysSo) {
    for (const unsigned part : {1U, 2U, 3U}) writePart(part);
    const auto trace = open(2);
    EXPECT_EQ(trace->events.count(), 3 * kEventsInBlock);
    EXPECT_THAT(saidOf(*trace, DiagnosticCode::PartOfRun), ElementsAre(HasSubstr("is part 2 of a recording")));
    EXPECT_THAT(readingNotes(*trace), ElementsAre(HasSubstr("is part 2 of a recording")));
}

TEST_F(Parts, ManyNeedHardlyMoreThanADescriptorEach) {
    constexpr unsigned kParts = 60;
    for (unsigned part = 1; part <= kParts; ++part) writePart(part);
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    const rlimit small{kParts + 40, before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &small);
    const auto trace = readTrace(path(), {}, {}, {});
    ::setrlimit(RLIMIT_NOFILE, &before);
    ASSERT_TRUE(trace) << trace.error().sentence();
    EXPECT_EQ((*trace)->events.count(), 3 * kParts * kEventsInBlock);
}

TEST_F(Parts, ARecordingWithoutItsEndIsUnfinished) {
    const auto saidWith = [&](const char* note) {
        native::Writer writer = start(1);
        writeBlock(writer, 0);
        if (note != nullptr && !writer.note(note)) test::stop("no note");
        EXPECT_TRUE(writer.finish());
        return saidOf(*open(), DiagnosticCode::UnfinishedTrace);
    };
    EXPECT_THAT(saidWith(nullptr), ElementsAre(HasSubstr("has no note of its end")));
    EXPECT_THAT(saidWith(R"({"note":"end-of-part","next":2})"), ElementsAre(HasSubstr("continues in another part")));
    EXPECT_THAT(saidWith(R"({"note":"end-of-recording","endedEarly":"no room"})"), ElementsAre("ended early: no room"));
    EXPECT_THAT(saidWith(R"({"note":"end-of-recording"})"), ElementsAre());
}

TEST_F(Parts, AMissingOneIsSaidAndWhatFollowsIsLeftOut) {
    for (const unsigned part : {1U, 2U, 3U, 4U}) writePart(part);
    std::filesystem::remove(path(3));
    auto trace = open();
    EXPECT_EQ(trace->events.count(), 6 * kEventsInBlock);
    EXPECT_THAT(
        saidOf(*trace, DiagnosticCode::MissingPart),
        ElementsAre(
            "part 3 of the recording is missing (run.3.alens does not exist), so run.4.alens and the parts after it "
            "are left out. Open those separately"));
    EXPECT_THAT(readingNotes(*trace), ElementsAre(HasSubstr("part 3 of the recording is missing")));

    writePart(3, "another");
    trace = open();
    EXPECT_EQ(trace->events.count(), 6 * kEventsInBlock);
    EXPECT_THAT(saidOf(*trace, DiagnosticCode::MissingPart), ElementsAre(HasSubstr("belongs to another recording")));

    std::ofstream(path(3), std::ios::trunc) << "no trace at all";
    EXPECT_THAT(saidOf(*open(), DiagnosticCode::MissingPart), ElementsAre(HasSubstr("is not a trace of AllocLens")));
    std::ofstream(path(3), std::ios::trunc).close();
    EXPECT_THAT(saidOf(*open(), DiagnosticCode::MissingPart), ElementsAre(HasSubstr("is empty")));
    std::filesystem::remove(path(3));
    ASSERT_EQ(::mkfifo(path(3).c_str(), 0600), 0);
    EXPECT_THAT(saidOf(*open(), DiagnosticCode::MissingPart), ElementsAre(HasSubstr("is not a file on disk")));
}

TEST_F(Parts, WhatIsOfAnotherRecordingStaysOut) {
    writePart(1);
    writePart(2, "another");
    writePart(3, "another");
    const auto trace = open();
    EXPECT_EQ(trace->events.count(), 3 * kEventsInBlock);
    EXPECT_EQ(trace->diagnostics.total(), 0U);
    // The name does not make the part either.
    std::filesystem::copy_file(path(1), path(2), std::filesystem::copy_options::overwrite_existing);
    EXPECT_EQ(open()->events.count(), 3 * kEventsInBlock);
}

TEST_F(Parts, DamageIsSaidWithTheNameOfItsFile) {
    for (const unsigned part : {1U, 2U, 3U}) writePart(part);
    std::string bytes = test::fileBytes(path(2));
    const std::size_t last = bytes.rfind(native::kBlockMagic);            // the index
    const std::size_t note = bytes.rfind(native::kBlockMagic, last - 1);  // the note
    const std::size_t block = bytes.rfind(native::kBlockMagic, note - 1);
    bytes[block + native::kBlockHeaderBytes + 5] ^= 1;
    std::ofstream(path(2), std::ios::trunc | std::ios::binary) << bytes;
    const auto trace = open();
    EXPECT_EQ(trace->events.count(), 8 * kEventsInBlock);
    EXPECT_EQ(trace->source->lines(), 9 * kEventsInBlock) << "the lines of the others keep their numbers";
    EXPECT_THAT(saidOf(*trace, DiagnosticCode::DamagedBlock),
                ElementsAre(testing::AllOf(HasSubstr("run.2.alens: block"), HasSubstr("does not match its checksum"))));
}

TEST_F(Parts, FollowingGoesOnIntoTheNext) {
    std::optional<Follower> follower;
    const auto readAll = [&follower] {
        while (true) {
            const auto step = follower->advance({});
            if (!step) test::stop(step.error().sentence());
            ASSERT_NE(*step, Follower::Step::Truncated);
            ASSERT_NE(*step, Follower::Step::Replaced);
            if (*step == Follower::Step::Nothing) return;
        }
    };
    std::uint32_t blocks = 0;
    for (const unsigned part : {1U, 2U, 3U}) {
        native::Writer writer = start(part);
        if (!follower) {
            auto opened = Follower::open(path(), {}, {}, {});
            ASSERT_TRUE(opened) << opened.error().sentence();
            follower.emplace(std::move(*opened));
        }
        for (int i = 0; i < 3; ++i) {
            writeBlock(writer, blocks++);
            readAll();
            ASSERT_EQ(follower->events(), blocks * kEventsInBlock);
            ASSERT_EQ(follower->trace(false).value()->diagnostics.total(), 0U);
        }
        if (part != 2) readAll();
        finish(writer);
        if (part != 1) readAll();
    }
    EXPECT_EQ(wholeText(*follower->trace(true).value()), wholeText(*open()));
}

TEST_F(Parts, FollowingSaysTheSameOfWhatIsMissingOrDamaged) {
    for (const unsigned part : {1U, 2U, 4U}) writePart(part);
    std::string bytes = test::fileBytes(path(2));
    bytes[bytes.size() / 2] ^= 4;
    std::ofstream(path(2), std::ios::trunc | std::ios::binary) << bytes;
    std::filesystem::resize_file(path(1), std::filesystem::file_size(path(1)) - 5);  // its end is cut off
    auto follower = Follower::open(path(), {}, {}, {});
    ASSERT_TRUE(follower);
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(follower->advance({}));
    const auto trace = follower->trace(true);
    ASSERT_TRUE(trace);
    EXPECT_EQ((*trace)->diagnostics.count(DiagnosticCode::MissingPart), 1U);
    EXPECT_EQ((*trace)->diagnostics.count(DiagnosticCode::UnfinishedTrace), 1U);
    EXPECT_EQ(wholeText(**trace), wholeText(*open()));
}

TEST(PartNames, AreMadeOfTheFirst) {
    EXPECT_EQ(native::partPath("run.alens", 1), "run.alens");
    EXPECT_EQ(native::partPath("run.alens", 12), "run.12.alens");
    EXPECT_EQ(native::partPath("/a.b/run", 3), "/a.b/run.3");
    EXPECT_EQ(native::partPath("/a.b/.run", 3), "/a.b/.run.3");
}

TEST(PartNames, ADescriptionIsNotTrusted) {
    const auto partOf = [](const char* json) {
        native::Description description;
        description.json = json;
        return native::runPartOf(description);
    };
    EXPECT_TRUE(partOf(R"({"run":"a","part":1})"));
    for (const char* json : {"", "[]", "{}", R"({"run":"a"})", R"({"run":1,"part":1})", R"({"run":"a","part":0})",
                             R"({"run":"a","part":-1})", R"({"run":"a","part":1.5})", R"({"run":"a","part":"1"})",
                             R"({"run":"a","part":4294967296})"}) {
        EXPECT_FALSE(partOf(json)) << json;
    }
}

}  // namespace
}  // namespace alloclens
