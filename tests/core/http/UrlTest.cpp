#include "core/http/Url.h"

#include "core/http/ApiClient.h"
#include "core/http/StatusError.h"
#include "core/http/WatchStream.h"
#include "core/object_store/KnownKinds.h"

#include <gtest/gtest.h>

namespace gatehouse::http {
namespace {

TEST(Url, Parts) {
    const auto url = parseUrl("https://[::1]:8444/base/");
    ASSERT_TRUE(url);
    EXPECT_TRUE(url->tls);
    EXPECT_EQ(url->host, "::1");
    EXPECT_EQ(url->port, 8444);
    EXPECT_EQ(url->path, "/base");
    EXPECT_EQ(url->authority(), "[::1]:8444");
    EXPECT_EQ(parseUrl("http://host")->port, 80);
    EXPECT_EQ(parseUrl("https://host")->authority(), "host");
}

TEST(Url, RefusesWhatIsNoPlainServerUrl) {
    for (const char* text :
         {"", "host", "ftp://host", "https://", "https://user@host", "https://host:0", "https://host:x",
          "https://host:70000", "https://ho st", "https://host?x", "https://host#x", "https://[::1",
          "https://host:", "https://host\r\nX: y", "https://h\\evil"}) {
        EXPECT_FALSE(parseUrl(text)) << text;
    }
}

TEST(HttpClient, RefusesRequestsThatCouldBeReadAsTwo) {
    ClientOptions options;
    options.baseUrl = "http://127.0.0.1:1";
    HttpClient client(std::move(options));
    const std::vector<Request> requests{
        {"GET", "/a b", {}, {}},  {"GET", "/a\r\nX: y", {}, {}},          {"GET", "a", {}, {}},
        {"GET\r\n", "/", {}, {}}, {"GET", "/", {{"X", "a\r\nY: b"}}, {}}, {"GET", "/", {{"X:", "a"}}, {}},
        {"GET", "/#f", {}, {}},
    };
    for (const auto& request : requests) {
        EXPECT_EQ(client.send(request).error().kind, ErrorKind::BadRequest) << request.target;
    }
}

TEST(HttpClient, NothingThereIsUnreachableWithTheMend) {
    ClientOptions options;
    options.baseUrl = "http://127.0.0.1:1";
    options.unreachableHint = "start it";
    const auto result = HttpClient(std::move(options)).send({});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::Unreachable);
    EXPECT_EQ(result.error().hint, "start it");
}

TEST(ApiClient, PathsOfResources) {
    EXPECT_EQ(resourcePath(kinds::LLMModel, "default", "chat", "status"),
              "/apis/llm.nebari.dev/v1alpha1/namespaces/default/llmmodels/chat/status");
    EXPECT_EQ(resourcePath(kinds::Secret, ""), "/api/v1/secrets");
    EXPECT_EQ(resourcePath(kinds::Secret, "a", "../x"), "/api/v1/namespaces/a/secrets/..%2Fx");
}

TEST(ApiClient, StatusBecomesAnError) {
    const auto error = errorFromStatus(
        422,
        R"({"kind":"Status","reason":"Invalid","message":"no","code":422,"details":{"causes":[{"field":"spec.x"}]}})",
        "x");
    EXPECT_EQ(error.kind, ErrorKind::Invalid);
    EXPECT_EQ(error.message, "no");
    EXPECT_EQ(error.field, "spec.x");
    EXPECT_EQ(errorFromStatus(500, "<html>", "GET /").kind, ErrorKind::Internal);
    EXPECT_EQ(errorFromStatus(502, "<html>", "GET /").kind, ErrorKind::Unreachable);
    EXPECT_EQ(errorFromStatus(410, "", "GET /").kind, ErrorKind::TooOld);
}

TEST(WatchStream, ReadsEvents) {
    const auto added = readWatchEvent(R"({"type":"ADDED","object":{"kind":"A","metadata":{"name":"x"}}})");
    ASSERT_TRUE(added);
    EXPECT_EQ(added->object.name(), "x");
    const auto old =
        readWatchEvent(R"({"type":"ERROR","object":{"kind":"Status","reason":"Expired","message":"old","code":410}})");
    ASSERT_FALSE(old);
    EXPECT_EQ(old.error().kind, ErrorKind::TooOld);
    EXPECT_FALSE(readWatchEvent("{}"));
    EXPECT_FALSE(readWatchEvent("nonsense"));
    EXPECT_FALSE(readWatchEvent(R"({"type":"OTHER","object":{}})"));
}

} // namespace
} // namespace gatehouse::http
