#include "core/json/Json.h"
#include "tests/support/PackFixture.h"
#include "tests/support/ScriptedServer.h"
#include "tests/support/TemporaryFolder.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

namespace gatehouse::commands {
namespace {

namespace fs = std::filesystem;
using test::ScriptedServer;

const std::string RightKey = "sk-right-key-right-key-right-key-ri";
const std::string Completion =
    R"({"id":"x","object":"chat.completion","model":"org/a","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},)"
    R"("finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}})";

/// Answers as vLLM does that was started with --api-key; `open` leaves out the guard.
ScriptedServer::Reply answer(const ScriptedServer::Request& request, bool open) {
    const auto header = request.headers.find("authorization");
    const bool allowed = header != request.headers.end() && header->second == "Bearer " + RightKey;
    return {allowed || open
                ? ScriptedServer::answer(200, Completion, {"Content-Type: application/json"})
                : ScriptedServer::answer(401, R"({"error":"Unauthorized"})", {"Content-Type: application/json"})};
}

class EvidenceCommand : public testing::Test {
protected:
    EvidenceCommand() {
        fs::create_directory(m_folder / "keys");
        test::spill(m_folder / "keys/right", RightKey);
        test::spill(m_folder / "keys/other", "sk-other-key-other-key-other-key-ot");
        ::chmod((m_folder / "keys/right").c_str(), 0600);
        ::chmod((m_folder / "keys/other").c_str(), 0600);
    }

    /// Writes an endpoint list of one endpoint and gives its path.
    [[nodiscard]] fs::path listOf(const std::string& url) const {
        test::spill(
            m_folder / "endpoints.yaml",
            "apiVersion: gatehouse.dev/v1alpha1\nkind: EndpointList\nendpoints:\n- name: chat-a\n  url: " + url +
                "\n  engine: vllm\n  model: org/a\n"
                "  credential: {header: Authorization, prefix: \"Bearer \", file: keys/right}\n"
                "  foreignCredential: {header: Authorization, prefix: \"Bearer \", file: keys/other}\n");
        return m_folder / "endpoints.yaml";
    }

    /// Runs `gatehouse-agent evidence …` with a configuration folder of its own; gives the exit code.
    int run(const std::string& arguments) {
        const std::string command =
            "cd '" + m_folder.path().string() + "' && XDG_CONFIG_HOME='" + (m_folder / "config").string() +
            "' '" GATEHOUSE_BINARY_DIR "/bin/gatehouse-agent' evidence " + arguments + " >out 2>err";
        const int status = std::system(command.c_str());
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    [[nodiscard]] std::string output() const { return test::slurp(m_folder / "out"); }

    [[nodiscard]] std::string errors() const { return test::slurp(m_folder / "err"); }

    [[nodiscard]] fs::path in(const std::string& name) const { return m_folder / name; }

private:
    test::TemporaryFolder m_folder;
};

constexpr const char* OwnKey = " --key config/gatehouse/signing-key.pem.pub";

TEST_F(EvidenceCommand, ExportVerifyAndDiffFromAnEndpointToItsChange) {
    ScriptedServer guarded([](const auto& request) { return answer(request, false); });
    const std::string endpoints = " --rate 1000 --endpoints " + listOf(guarded.url()).string();
    EXPECT_EQ(run("export --out first" + endpoints), 0) << errors();
    EXPECT_EQ(output(), "first\n");

    struct stat info {};

    ASSERT_EQ(::stat(in("config/gatehouse/signing-key.pem").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600U);
    EXPECT_EQ(run("verify first"), 1) << "its own signing key is no trusted key until somebody says so";
    EXPECT_EQ(run(std::string("verify first -o json") + OwnKey), 0) << output() << errors();
    EXPECT_TRUE(json::flag(*json::parse(output()), "valid"));
    for (const auto& entry : fs::recursive_directory_iterator(in("first"))) {
        if (entry.is_regular_file()) {
            EXPECT_EQ(test::slurp(entry.path()).find(RightKey), std::string::npos) << entry.path();
        }
    }

    ScriptedServer open([](const auto& request) { return answer(request, true); });
    const std::string again = " --rate 1000 --endpoints " + listOf(open.url()).string();
    EXPECT_EQ(run("export --out second.zip --previous first" + again), 3) << errors();
    EXPECT_EQ(run(std::string("verify second.zip") + OwnKey), 0) << output() << errors();
    EXPECT_NE(output().find("result   FAILED"), std::string::npos);
    EXPECT_EQ(run(std::string("diff first second.zip") + OwnKey), 0) << errors();
    EXPECT_EQ(run(std::string("diff first second.zip --fail-on new -o json") + OwnKey), 3) << errors();
    EXPECT_TRUE(json::flag(*json::parse(output()), "chained"));
    EXPECT_EQ(run(std::string("diff first first --fail-on new") + OwnKey), 0) << output();

    fs::create_directories(in("config/gatehouse/trusted-keys"));
    fs::copy(in("config/gatehouse/signing-key.pem.pub"), in("config/gatehouse/trusted-keys/me.pub"));
    EXPECT_EQ(run("verify first"), 0);
    EXPECT_EQ(run("verify first --max-age 1h"), 0);
    test::spill(in("first/report.html"), test::slurp(in("first/report.html")) + " ");
    EXPECT_EQ(run("verify first"), 3);
    EXPECT_TRUE(output().starts_with("INVALID  report.html was changed")) << output();
    EXPECT_EQ(run("export --out third --previous first" + again), 1);
    EXPECT_NE(errors().find("does not verify"), std::string::npos) << errors();
    EXPECT_FALSE(fs::exists(in("third")));
}

TEST_F(EvidenceCommand, WhatCannotBeReachedIsCoverageAndNoPass) {
    std::string url;
    {
        const ScriptedServer gone([](const auto& request) { return answer(request, false); });
        url = gone.url();
    }
    EXPECT_EQ(run("export --out pack --rate 1000 --endpoints " + listOf(url).string()), 4) << errors();
    EXPECT_EQ(run(std::string("verify pack") + OwnKey), 0) << output();
    EXPECT_NE(output().find("result   WARNED"), std::string::npos) << output();
}

TEST_F(EvidenceCommand, BadInputIsOneSentenceAndTouchesNothing) {
    ScriptedServer guarded([](const auto& request) { return answer(request, false); });
    const std::string endpoints = " --endpoints " + listOf(guarded.url()).string();
    fs::create_directory(in("full"));
    test::spill(in("full/precious"), "x");
    EXPECT_EQ(run("export --out full" + endpoints), 1);
    EXPECT_NE(errors().find("packs are never overwritten"), std::string::npos) << errors();
    EXPECT_EQ(run("export --out pack"), 2);
    EXPECT_EQ(run("export --out pack --endpoints none.yaml"), 1);
    EXPECT_NE(errors().find("none.yaml"), std::string::npos) << errors();
    test::spill(in("open-key.pem"), "x");
    ::chmod(in("open-key.pem").c_str(), 0644);
    EXPECT_EQ(run("export --out pack --signing-key open-key.pem" + endpoints), 1);
    EXPECT_NE(errors().find("chmod 600"), std::string::npos) << errors();
    EXPECT_EQ(run("export --out pack --data nowhere" + endpoints), 2);
    EXPECT_EQ(run("export --out pack --data nowhere"), 1);
    EXPECT_EQ(run("verify nothing --key none.pub"), 1);
    EXPECT_EQ(run("verify"), 2);
    EXPECT_FALSE(fs::exists(in("pack")));
    EXPECT_TRUE(guarded.requests().empty());
}

} // namespace
} // namespace gatehouse::commands
