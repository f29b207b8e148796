#include "core/time/Pause.h"

#include <gtest/gtest.h>

#include <thread>

namespace gatehouse {
namespace {

TEST(Pause, LastsAsLongAsAsked) {
    const auto begun = std::chrono::steady_clock::now();
    pauseFor(std::chrono::milliseconds(20), {});
    EXPECT_GE(std::chrono::steady_clock::now() - begun, std::chrono::milliseconds(20));
}

TEST(Pause, EndsWithAStop) {
    std::stop_source source;
    const auto begun = std::chrono::steady_clock::now();
    const std::jthread stopper([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        source.request_stop();
    });
    pauseFor(std::chrono::minutes(5), source.get_token());
    EXPECT_TRUE(source.stop_requested());
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::minutes(1));
}

} // namespace
} // namespace gatehouse
