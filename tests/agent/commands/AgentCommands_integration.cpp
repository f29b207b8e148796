#include "tests/agent/admin_api/AdminApiFixture.h"

#include "core/files/Files.h"
#include "core/session/AgentConnection.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <sys/stat.h>
#include <sys/wait.h>

namespace gatehouse::admin_api {
namespace {

/// The real program against a real admin API.
class AgentCommands : public AdminApiFixture {
protected:
    void SetUp() override {
        AdminApiFixture::SetUp();
        ASSERT_TRUE(files::writeSecret(m_folder / "token", Secret::copyOf(TestToken)));
        ASSERT_TRUE(files::writeAtomically(m_folder / "ca.crt", m_caPem));
        ASSERT_TRUE(session::writeAgentFile(m_folder.path(), {url(), "ca.crt", "token"}));
    }

    struct Run {
        int code = -1;
        std::string output;
        std::string error;
    };

    Run agent(const std::string& arguments, const std::string& connection = {}, const std::string& input = {}) const {
        const std::string errors = (m_folder / "stderr").string();
        const std::string given = connection.empty() ? "--data " + m_folder.path().string() : connection;
        const std::string command = (input.empty() ? std::string() : "cat " + input + " | ") + GATEHOUSE_BINARY_DIR +
                                    "/bin/gatehouse-agent " + arguments + " " + given + " 2>" + errors;
        Run run;
        FILE* pipe = ::popen(command.c_str(), "r");
        std::array<char, 4096> chunk{};
        for (std::size_t count = 0; (count = std::fread(chunk.data(), 1, chunk.size(), pipe)) > 0;) {
            run.output.append(chunk.data(), count);
        }
        const int status = ::pclose(pipe);
        run.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        run.error = files::read(errors).value_or("");
        return run;
    }

    std::string write(const std::string& name, const std::string& content) const {
        EXPECT_TRUE(files::writeAtomically(m_folder / name, content));
        return (m_folder / name).string();
    }

    static std::string manifest(const std::string& name, const std::string& more = {}) {
        return "apiVersion: llm.nebari.dev/v1alpha1\nkind: LLMModel\nmetadata: {name: " + name +
               ", annotations: {gatehouse.dev/upstream: \"http://127.0.0.1:8001\"}}\nspec:\n  model: {name: org/" +
               name +
               ", source: huggingface}\n  resources: {gpu: {count: 1, type: nvidia}, requests: {cpu: \"1\", memory: "
               "1Gi}}\n  access: {groups: [data-science]}\n" +
               more;
    }
};

TEST_F(AgentCommands, ApplySaysWhatChanged) {
    const std::string file = write("m.yaml", manifest("one") + "---\n" + manifest("two"));
    const Run dry = agent("apply --dry-run -f " + file);
    EXPECT_EQ(dry.code, 0) << dry.error;
    EXPECT_EQ(m_store->list(kinds::LLMModel, {})->items.size(), 0U) << "a dry run wrote";
    const Run first = agent("apply -f " + file);
    EXPECT_EQ(first.code, 0) << first.error;
    EXPECT_EQ(first.output, "LLMModel/one created\nLLMModel/two created\n");
    EXPECT_EQ(agent("apply -f " + file).output, "LLMModel/one unchanged\nLLMModel/two unchanged\n");
    write("m.yaml", manifest("one", "  serving: {replicas: 2}\n") + "---\n" + manifest("two"));
    const Run changed = agent("apply -f -", {}, file);
    EXPECT_NE(changed.output.find("LLMModel/one configured (spec.serving"), std::string::npos)
        << changed.output << changed.error;
    EXPECT_NE(changed.output.find("LLMModel/two unchanged"), std::string::npos);
}

TEST_F(AgentCommands, OneBadFileWritesNothing) {
    const std::string good = write("good.yaml", manifest("good"));
    const std::string bad = write("bad.yaml", manifest("bad", "  sevring: {}\n"));
    const Run run = agent("apply -f " + good + " " + bad);
    EXPECT_EQ(run.code, 1);
    EXPECT_NE(run.error.find("bad.yaml"), std::string::npos) << run.error;
    EXPECT_NE(run.error.find("sevring"), std::string::npos) << run.error;
    EXPECT_EQ(m_store->list(kinds::LLMModel, {})->items.size(), 0U);
    // One that only the agent can refuse: the name of the file is in the sentence too.
    const std::string reserved =
        write("reserved.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: x-api-keys}\nstringData: {a: b}\n");
    const Run refused = agent("apply -f " + good + " " + reserved);
    EXPECT_EQ(refused.code, 1);
    EXPECT_NE(refused.error.find("reserved.yaml"), std::string::npos) << refused.error;
    EXPECT_EQ(m_store->list(kinds::LLMModel, {})->items.size(), 0U) << "the good file was written all the same";
}

TEST_F(AgentCommands, GetAndDelete) {
    ASSERT_EQ(agent("apply -f " + write("m.yaml", manifest("one") + "---\n" + manifest("two"))).code, 0);
    EXPECT_NE(agent("get llm").output.find("org/one"), std::string::npos);
    EXPECT_NE(agent("get LLMModel one -o yaml").output.find("kind: LLMModel\n"), std::string::npos);
    EXPECT_NE(agent("get llmmodels -o json").output.find("\"kind\": \"LLMModelList\""), std::string::npos);
    EXPECT_TRUE(agent("get llm -o csv").output.starts_with("Name,"));
    EXPECT_TRUE(agent("get llm -o md").output.starts_with("| Name"));
    EXPECT_EQ(agent("get llm nothing").code, 1);
    EXPECT_EQ(agent("get fridges").code, 1);
    EXPECT_EQ(agent("delete llm one").output, "LLMModel/one deleted\n");
    EXPECT_EQ(agent("delete llm one").code, 1);
    EXPECT_EQ(agent("delete --ignore-not-found llm one").code, 0);
}

TEST_F(AgentCommands, Keys) {
    ASSERT_EQ(agent("apply -f " + write("m.yaml", manifest("one"))).code, 0);
    const Run minted = agent("keys mint --model one --owner ada --expires 30d");
    EXPECT_EQ(minted.code, 0) << minted.error;
    EXPECT_EQ(minted.output.size(), 36U) << "sk-, 32 characters, newline";
    const std::string file = (m_folder / "key").string();
    const Run toFile = agent("keys mint --model one --owner bob --key-file " + file);
    EXPECT_EQ(toFile.code, 0) << toFile.error;
    EXPECT_EQ(toFile.output.find("sk-"), std::string::npos);

    struct stat info {};

    ASSERT_EQ(::stat(file.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0600U);
    const Run listed = agent("keys list -o json");
    EXPECT_EQ(listed.code, 0) << listed.error;
    EXPECT_EQ(listed.output.find("sk-"), std::string::npos);
    const auto list = json::parse(listed.output);
    ASSERT_TRUE(list);
    const std::string id = json::text(list->at("items").at(0), "metadata.name");
    const Run rotated = agent("keys rotate " + id + " --grace 1h");
    EXPECT_EQ(rotated.code, 0) << rotated.error;
    EXPECT_TRUE(rotated.output.starts_with("sk-"));
    EXPECT_EQ(agent("keys revoke " + id).output, id + " revoked\n");
    EXPECT_EQ(agent("keys revoke " + id).code, 1);
    EXPECT_EQ(agent("keys mint --model nobody --owner ada").code, 1);
    EXPECT_EQ(agent("keys mint --model one --owner ada --key-file /nonexistent/key").code, 1);
    EXPECT_EQ(agent("keys mint --owner ada").code, 2);
}

TEST_F(AgentCommands, OneSentenceWhenTheAgentCannotBeReached) {
    const std::string token = "--token-file " + (m_folder / "token").string();
    const std::string ca = " --ca " + (m_folder / "ca.crt").string();
    const auto oneSentence = [](const Run& run, const char* text) {
        EXPECT_EQ(run.code, 1);
        EXPECT_EQ(std::count(run.error.begin(), run.error.end(), '\n'), 1) << run.error;
        EXPECT_NE(run.error.find(text), std::string::npos) << run.error;
        EXPECT_EQ(run.error.find(TestToken), std::string::npos);
    };
    oneSentence(agent("get llm", "--server https://127.0.0.1:1 " + token + ca), "is the agent running?");
    oneSentence(agent("get llm", "--server " + url() + " " + token), "--ca");
    ASSERT_TRUE(files::writeSecret(m_folder / "wrong", Secret::copyOf("wrong")));
    oneSentence(agent("get llm", "--server " + url() + " --token-file " + (m_folder / "wrong").string() + ca),
                "--token-file");
    oneSentence(agent("get llm", "--data " + (m_folder / "nothing").string()), "standalone");
    oneSentence(agent("get llm", "--server " + url()), "--token-file");
}

} // namespace
} // namespace gatehouse::admin_api
