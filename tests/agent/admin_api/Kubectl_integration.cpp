#include "tests/agent/admin_api/AdminApiFixture.h"

#include "core/files/Files.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <sys/wait.h>
#include <thread>

namespace gatehouse::admin_api {
namespace {

/// The real kubectl against the real server.
class Kubectl : public AdminApiFixture {
protected:
    void SetUp() override {
        if (std::system("kubectl version --client >/dev/null 2>&1") != 0) {
            GTEST_SKIP() << "kubectl is not installed (Debian package kubernetes-client)";
        }
        AdminApiFixture::SetUp();
        m_kubeconfig = m_folder.path() / "kubeconfig";
        ASSERT_TRUE(writeKubeconfig(m_kubeconfig, url(), m_caPem, Secret::copyOf(TestToken)));
    }

    struct Run {
        int code = -1;
        std::string output; ///< stdout and stderr
    };

    Run kubectl(const std::string& arguments, const std::string& before = {}) const {
        const std::string command = before + " HOME=" + m_folder.path().string() + " timeout 30 kubectl --kubeconfig " +
                                    m_kubeconfig.string() + " " + arguments + " 2>&1";
        Run run;
        FILE* pipe = ::popen(command.c_str(), "r");
        std::array<char, 4096> chunk{};
        for (std::size_t count = 0; (count = std::fread(chunk.data(), 1, chunk.size(), pipe)) > 0;) {
            run.output.append(chunk.data(), count);
        }
        const int status = ::pclose(pipe);
        run.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        return run;
    }

    std::string write(const std::string& name, const std::string& content) const {
        const auto path = m_folder.path() / name;
        EXPECT_TRUE(files::writeAtomically(path, content));
        return path.string();
    }

    static std::string manifest(const std::string& name, const std::string& extra = {}) {
        return "apiVersion: llm.nebari.dev/v1alpha1\n"
               "kind: LLMModel\n"
               "metadata:\n"
               "  name: " +
               name +
               "\n"
               "  annotations:\n"
               "    gatehouse.dev/upstream: http://127.0.0.1:8001\n"
               "spec:\n"
               "  model: {name: org/" +
               name +
               ", source: huggingface}\n"
               "  resources: {gpu: {count: 1, type: nvidia}, requests: {cpu: \"1\", memory: 1Gi}}\n"
               "  access: {groups: [data-science]}\n" +
               extra;
    }

    std::filesystem::path m_kubeconfig;
};

#define EXPECT_OK(run, text)                                                                                           \
    do {                                                                                                               \
        const Run result = (run);                                                                                      \
        EXPECT_EQ(result.code, 0) << result.output;                                                                    \
        EXPECT_NE(result.output.find(text), std::string::npos) << result.output;                                       \
    } while (false)

#define EXPECT_REFUSED(run, text)                                                                                      \
    do {                                                                                                               \
        const Run result = (run);                                                                                      \
        EXPECT_NE(result.code, 0) << result.output;                                                                    \
        EXPECT_NE(result.output.find(text), std::string::npos) << result.output;                                       \
    } while (false)

TEST_F(Kubectl, AppliesGetsAndDeletes) {
    const std::string file = write("chat.yaml", manifest("chat"));
    EXPECT_OK(kubectl("apply -f " + file), "llmmodel.llm.nebari.dev/chat created");
    EXPECT_OK(kubectl("apply -f " + file), "llmmodel.llm.nebari.dev/chat unchanged");
    write("chat.yaml", manifest("chat", "  serving: {replicas: 2}\n"));
    EXPECT_OK(kubectl("apply -f " + file), "llmmodel.llm.nebari.dev/chat configured");
    EXPECT_OK(kubectl("get llm"), "org/chat");
    EXPECT_OK(kubectl("get llmmodels.llm.nebari.dev chat -o yaml"), "replicas: 2");
    EXPECT_OK(kubectl("get llm -A"), "default");
    EXPECT_OK(kubectl("get llm chat -o jsonpath='{.spec.model.name}'"), "org/chat");
    EXPECT_OK(kubectl("describe llm chat"), "Name:         chat");
    EXPECT_OK(kubectl("diff -f " + file), "");
    EXPECT_OK(kubectl("delete llm chat"), "deleted");
    EXPECT_REFUSED(kubectl("get llm chat"), "NotFound");
}

TEST_F(Kubectl, AppliesOnTheServer) {
    const std::string file = write("chat.yaml", manifest("chat"));
    EXPECT_OK(kubectl("apply --server-side -f " + file), "serverside-applied");
    EXPECT_OK(kubectl("apply --server-side --dry-run=server -f " + file), "serverside-applied");
    EXPECT_OK(kubectl("get llm chat -o yaml --show-managed-fields"), "manager: kubectl");
    write("chat.yaml", manifest("chat", "  serving: {replicas: 3}\n"));
    EXPECT_REFUSED(kubectl("apply --server-side --field-manager=other -f " +
                           write("other.yaml", "apiVersion: llm.nebari.dev/v1alpha1\nkind: LLMModel\nmetadata: {name: "
                                               "chat}\nspec:\n  model: {name: org/other, source: huggingface}\n")),
                   "onflict");
    EXPECT_OK(kubectl("apply --server-side -f " + file), "serverside-applied");
    EXPECT_OK(kubectl("get llm chat -o yaml"), "replicas: 3");
}

TEST_F(Kubectl, RefusesUnknownFieldsAndBadValues) {
    const std::string file = write("chat.yaml", manifest("chat", "  sevring: {replicas: 2}\n"));
    EXPECT_REFUSED(kubectl("apply -f " + file), "sevring");
    EXPECT_REFUSED(kubectl("apply --server-side -f " + file), "sevring");
    EXPECT_REFUSED(kubectl("create -f " + file), "sevring");
    EXPECT_OK(kubectl("apply --validate=warn -f " + file), "created");
    const std::string wrongType = write("wrong.yaml", manifest("wrong", "  serving: {replicas: many}\n"));
    EXPECT_REFUSED(kubectl("apply -f " + wrongType), "replicas");
    EXPECT_REFUSED(kubectl("get llm wrong"), "NotFound");
}

TEST_F(Kubectl, EditsLabelsPatchesAndExplains) {
    ASSERT_TRUE(m_client->create(model("chat")));
    EXPECT_OK(kubectl("edit llm chat", "KUBE_EDITOR=\"sed -i s#org/model#org/edited#\""), "edited");
    EXPECT_OK(kubectl("get llm chat -o yaml"), "org/edited");
    EXPECT_OK(kubectl("label llm chat team=blue"), "labeled");
    EXPECT_OK(kubectl("get llm -l team=blue"), "chat");
    EXPECT_OK(kubectl("get llm -l team=red"), "No resources found");
    EXPECT_OK(kubectl("annotate llm chat gatehouse.dev/note=hello"), "annotated");
    EXPECT_OK(kubectl("patch llm chat --type=merge -p '{\"spec\":{\"serving\":{\"replicas\":4}}}'"), "patched");
    EXPECT_OK(kubectl("patch llm chat --type=json -p "
                      "'[{\"op\":\"replace\",\"path\":\"/spec/serving/replicas\",\"value\":5}]'"),
              "patched");
    EXPECT_OK(kubectl("get llm chat -o jsonpath='{.spec.serving.replicas}'"), "5");
    EXPECT_REFUSED(kubectl("patch llm chat --type=merge -p '{\"spec\":{\"nonsense\":1}}'"), "nonsense");
    EXPECT_OK(kubectl("explain llm.spec.model"), "Public model id");
    EXPECT_OK(kubectl("explain proberuns.spec"), "FIELDS");
    EXPECT_OK(kubectl("api-resources"), "passthroughmodels");
    EXPECT_OK(kubectl("get ns"), "default");
    EXPECT_OK(kubectl("version"), "Server Version");
}

TEST_F(Kubectl, WatchesAsAPersonWould) {
    ASSERT_TRUE(m_client->create(model("chat")));
    std::thread later([this] {
        std::this_thread::sleep_for(std::chrono::milliseconds(1500));
        EXPECT_TRUE(m_client->create(model("second", "org/second")));
        EXPECT_TRUE(m_client->remove({kinds::LLMModel, "default", "chat"}));
    });
    const Run watched = kubectl("get llm -w --output-watch-events --request-timeout=4s");
    later.join();
    EXPECT_NE(watched.output.find("ADDED      chat"), std::string::npos) << watched.output;
    EXPECT_NE(watched.output.find("ADDED      second"), std::string::npos) << watched.output;
    EXPECT_NE(watched.output.find("DELETED    chat"), std::string::npos) << watched.output;
}

TEST_F(Kubectl, SecretsAreWriteOnly) {
    EXPECT_OK(kubectl("create secret generic provider --from-literal=apiKey=hunter2 --dry-run=client -o yaml | kubectl "
                      "--kubeconfig " +
                      m_kubeconfig.string() + " create -f -"),
              "created");
    // kubectl sends protobuf for this one, which is refused in words.
    EXPECT_REFUSED(kubectl("create secret generic other --from-literal=apiKey=x"), "protobuf");
    const Run read = kubectl("get secret provider -o yaml");
    EXPECT_EQ(read.output.find("aHVudGVyMg"), std::string::npos) << read.output;
    EXPECT_NE(read.output.find("gatehouse.dev/redacted"), std::string::npos) << read.output;
    const std::string file = write("s.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: second}\n"
                                             "stringData: {apiKey: hunter3}\n");
    EXPECT_OK(kubectl("apply -f " + file), "created");
    EXPECT_EQ(kubectl("get secret second -o yaml").output.find("hunter3"), std::string::npos);
    EXPECT_OK(kubectl("get secrets -o yaml"), "redacted");
    EXPECT_EQ(kubectl("get secrets -o yaml").output.find("hunter3"), std::string::npos);
    const auto kept = m_store->get({kinds::Secret, "default", "second"});
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->text("data.apiKey"), "aHVudGVyMw==");
    EXPECT_REFUSED(
        kubectl("apply -f " + write("k.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: chat-api-keys}\n"
                                              "stringData: {a: b}\n")),
        "cannot be written");
    EXPECT_REFUSED(
        kubectl("apply -f " + write("c.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: b}\n")),
        "read-only");
}

TEST_F(Kubectl, KeysAreShownWithoutTheirValue) {
    ASSERT_TRUE(m_client->create(model("chat")));
    const std::string file = write("key.json", R"({"apiVersion": "gatehouse.dev/v1alpha1", "kind": "ApiKey",
              "metadata": {"generateName": "key-"}, "spec": {"model": "chat", "owner": "ada", "expires": "30d"}})");
    const Run made = kubectl("create -o json -f " + file);
    EXPECT_EQ(made.code, 0) << made.output;
    EXPECT_NE(made.output.find("\"key\": \"sk-"), std::string::npos) << made.output;
    EXPECT_OK(kubectl("get apikeys"), "ada");
    EXPECT_EQ(kubectl("get apikeys -o yaml").output.find("sk-"), std::string::npos);
    EXPECT_OK(kubectl("delete apikeys --all --wait=false"), "");
}

TEST_F(Kubectl, WrongTokenIsRefused) {
    ASSERT_TRUE(writeKubeconfig(m_kubeconfig, url(), m_caPem, Secret::copyOf("wrong")));
    EXPECT_REFUSED(kubectl("get llm"), "logged in");
}

} // namespace
} // namespace gatehouse::admin_api
