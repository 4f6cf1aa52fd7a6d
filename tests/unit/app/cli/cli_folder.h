// SPDX-License-Identifier: GPL-3.0-or-later
//
// A folder with one small log for tests of the command line, in which nothing else may be left behind.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "tests/unit/app/cli/run_cli.h"

namespace alloclens::test {

inline constexpr std::string_view kSmallLog = "[PID 1] Allocated 8192 bytes of DRAM on device 4 (buffer_id=695055872)\n"
                                              "[PID 1] Freed buffer 695055872 on device 4 (8192 bytes, FINAL)\n"
                                              "[PID 1] Deallocation for unknown buffer 695055872 on device 4\n"
                                              "[PID 1] Allocated 512 bytes of L1 on device 0 (buffer_id=16)\n";

class CliFolder : public ::testing::Test {
protected:
    void SetUp() override {
        m_folder = ::testing::TempDir() + "alloclens-cli-XXXXXX";
        ASSERT_NE(::mkdtemp(m_folder.data()), nullptr);
        log = write("server.log", kSmallLog);
    }
    void TearDown() override { std::filesystem::remove_all(m_folder); }

    std::string write(const std::string& name, std::string_view bytes) {
        std::ofstream(path(name), std::ios::binary) << bytes;
        return path(name);
    }
    [[nodiscard]] std::string path(const std::string& name) const { return m_folder + "/" + name; }
    [[nodiscard]] static std::string contentOf(const std::string& path) {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    }
    [[nodiscard]] std::ptrdiff_t files() const {
        return std::distance(std::filesystem::directory_iterator(m_folder), std::filesystem::directory_iterator());
    }

    std::string log;

private:
    std::string m_folder;
};

}  // namespace alloclens::test
