#include "core/secrets/Secret.h"

#include <gtest/gtest.h>
#include <sstream>
#include <type_traits>

using namespace gatehouse;

template <typename T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };
template <typename T>
concept Comparable = requires(const T& a, const T& b) { a == b; };

TEST(Secret, CannotBeCopiedPrintedOrCompared) {
    static_assert(!std::is_copy_constructible_v<Secret>);
    static_assert(!std::is_copy_assignable_v<Secret>);
    static_assert(!std::is_convertible_v<Secret, std::string>);
    static_assert(!Printable<Secret>);
    static_assert(!Comparable<Secret>);
}

TEST(Secret, WipesItsSourceAndMovesWhole) {
    std::string source = "a-long-secret-that-does-not-fit-in-place-0123456789";
    const char* data = source.data();
    Secret secret(std::move(source));
    EXPECT_EQ(std::string_view(data, 5), std::string_view("\0\0\0\0\0", 5)) << "the source still holds the secret";
    Secret other = std::move(secret);
    EXPECT_TRUE(secret.empty());
    EXPECT_TRUE(other.equals("a-long-secret-that-does-not-fit-in-place-0123456789"));
    EXPECT_FALSE(other.equals("a-long-secret-that-does-not-fit-in-place-012345678X"));
    EXPECT_FALSE(other.equals("a"));
    EXPECT_TRUE(other.clone().equals(other.reveal()));
}
