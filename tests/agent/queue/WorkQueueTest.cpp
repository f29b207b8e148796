#include "agent/queue/WorkQueue.h"

#include <atomic>
#include <gtest/gtest.h>
#include <thread>
#include <vector>

using namespace gatehouse::queue;
using namespace std::chrono_literals;

TEST(WorkQueueTsan, HoldsAKeyOnceAndInOrder) {
    WorkQueue queue;
    queue.add("a");
    queue.add("b");
    queue.add("a");
    EXPECT_EQ(queue.waiting(), 2U);
    EXPECT_EQ(queue.next({}), "a");
    EXPECT_EQ(queue.next({}), "b");
}

TEST(WorkQueueTsan, AKeyAddedDuringItsWorkComesAgainAfterwards) {
    WorkQueue queue;
    queue.add("a");
    ASSERT_EQ(queue.next({}), "a");
    queue.add("a");
    EXPECT_EQ(queue.waiting(), 0U);
    queue.done("a");
    EXPECT_EQ(queue.next({}), "a");
    queue.done("a");
    EXPECT_EQ(queue.waiting(), 0U);
}

TEST(WorkQueueTsan, FailuresComeBackLaterAndLater) {
    WorkQueue queue(20ms, 80ms);
    queue.add("a");
    ASSERT_EQ(queue.next({}), "a");
    for (const auto least : {20ms, 40ms, 80ms, 80ms}) {
        const auto before = std::chrono::steady_clock::now();
        queue.failed("a");
        ASSERT_EQ(queue.next({}), "a");
        EXPECT_GE(std::chrono::steady_clock::now() - before, least - 1ms);
    }
    queue.done("a");
    queue.add("a");
    ASSERT_EQ(queue.next({}), "a");
    const auto before = std::chrono::steady_clock::now();
    queue.failed("a");
    ASSERT_EQ(queue.next({}), "a");
    EXPECT_LT(std::chrono::steady_clock::now() - before, 80ms) << "success did not reset the delay";
}

TEST(WorkQueueTsan, DelayedKeysComeWhenDueAndAddBringsThemForward) {
    WorkQueue queue;
    queue.addAfter("later", 10min);
    queue.addAfter("soon", 20ms);
    EXPECT_EQ(queue.next({}), "soon");
    queue.add("later");
    EXPECT_EQ(queue.next({}), "later");
}

TEST(WorkQueueTsan, AStopEndsTheWait) {
    WorkQueue queue;
    std::stop_source stop;
    std::jthread stopper([&] {
        std::this_thread::sleep_for(20ms);
        stop.request_stop();
    });
    EXPECT_EQ(queue.next(stop.get_token()), std::nullopt);
}

TEST(WorkQueueTsan, ManyThreadsNeverWorkOnOneKeyAtOnceAndLoseNothing) {
    WorkQueue queue(1ms, 2ms);
    constexpr int keys = 7;
    constexpr int rounds = 400;
    std::atomic<int> inside[keys] = {};
    std::atomic<bool> overlapped{false};
    std::atomic<int> wanted[keys] = {};
    std::atomic<int> seen[keys] = {};
    std::stop_source stop;
    {
        std::vector<std::jthread> workers;
        for (int worker = 0; worker < 4; ++worker) {
            workers.emplace_back([&] {
                while (const auto key = queue.next(stop.get_token())) {
                    const int index = std::stoi(*key);
                    overlapped = overlapped || inside[index].fetch_add(1) != 0;
                    seen[index] = wanted[index].load();
                    inside[index].fetch_sub(1);
                    queue.done(*key);
                }
            });
        }
        std::vector<std::jthread> adders;
        for (int adder = 0; adder < 3; ++adder) {
            adders.emplace_back([&] {
                for (int round = 0; round < rounds; ++round) {
                    const int index = round % keys;
                    ++wanted[index];
                    queue.add(std::to_string(index));
                }
            });
        }
        adders.clear();
        for (int wait = 0; wait < 500; ++wait) {
            bool all = true;
            for (int index = 0; index < keys; ++index) {
                all = all && seen[index] == wanted[index];
            }
            if (all) {
                break;
            }
            std::this_thread::sleep_for(10ms);
        }
        stop.request_stop();
    }
    EXPECT_FALSE(overlapped);
    for (int index = 0; index < keys; ++index) {
        EXPECT_EQ(seen[index], wanted[index]);
    }
}
