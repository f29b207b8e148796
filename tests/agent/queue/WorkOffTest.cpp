#include "agent/queue/WorkOff.h"

#include <gtest/gtest.h>

#include <vector>

namespace gatehouse::queue {
namespace {

TEST(WorkOff, WhatFailsComesAgainAndAStopEndsIt) {
    WorkQueue queue(WorkQueue::Duration(1));
    queue.add("a");
    queue.add("b");
    std::stop_source source;
    std::vector<std::string> handled;
    workOff(queue, "not done", source.get_token(), [&](const std::string& key) -> Result<void> {
        handled.push_back(key);
        if (handled.size() == 1) {
            return failure(ErrorKind::Conflict, "somebody else wrote");
        }
        if (handled.size() == 3) {
            source.request_stop();
        }
        return {};
    });
    EXPECT_EQ(handled, (std::vector<std::string>{"a", "b", "a"}));
    EXPECT_EQ(queue.waiting(), 0U);
}

} // namespace
} // namespace gatehouse::queue
