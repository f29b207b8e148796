#include "core/result/Result.h"

#include <gtest/gtest.h>

using namespace gatehouse;

TEST(Error, TellsTheWholeStoryOnOneLine) {
    const Error inner =
        makeError(ErrorKind::Storage, "cannot write /x: No space left on device", "free some disk space");
    const Error outer = because("the store could not be saved", inner);
    EXPECT_EQ(outer.kind, ErrorKind::Storage);
    EXPECT_EQ(outer.describe(),
              "the store could not be saved: cannot write /x: No space left on device; free some disk space");
}

TEST(Error, MapsToHttpAndKubernetes) {
    EXPECT_EQ(httpStatusOf(makeError(ErrorKind::Conflict, "")), 409);
    EXPECT_EQ(httpStatusOf(makeError(ErrorKind::TooOld, "")), 410);
    EXPECT_STREQ(statusReason(ErrorKind::TooOld), "Expired");
    EXPECT_TRUE(isRetryable(makeError(ErrorKind::Conflict, "")));
    EXPECT_FALSE(isRetryable(makeError(ErrorKind::Invalid, "")));
}
