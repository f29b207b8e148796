#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace gatehouse::test {

/// A server on the loopback that answers as a script says, well or badly. One request a connection.
class ScriptedServer {
public:
    struct Request {
        std::string method;
        std::string path;
        std::map<std::string, std::string> headers; ///< names in lower case; the last value of each
        std::string head;                           ///< as received, up to the empty line
        std::string body;
        std::size_t number = 0; ///< of this method and path, from 0
    };

    enum class End {
        Close,   ///< in good order
        Reset,   ///< RST
        Hang,    ///< says nothing more until the client goes away
        Drip,    ///< sends `bytes` one byte every 50 ms
        Endless, ///< sends `bytes`, then `filler` again and again
    };

    struct Reply {
        std::string bytes;
        End end = End::Close;
        std::string filler = "x";
    };

    using Script = std::function<Reply(const Request&)>;

    struct TlsFiles {
        std::filesystem::path certificate;
        std::filesystem::path key;
    };

    explicit ScriptedServer(Script script, std::optional<TlsFiles> tls = {});
    ~ScriptedServer();
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;

    [[nodiscard]] int port() const { return m_port; }

    /// "http://127.0.0.1:port" or https.
    [[nodiscard]] std::string url() const;
    [[nodiscard]] std::vector<Request> requests() const;

    /// "HTTP/1.1 STATUS …" with Content-Length.
    [[nodiscard]] static std::string answer(int status, const std::string& body = {},
                                            const std::vector<std::string>& headers = {});

private:
    void accept(const std::stop_token& stop);
    void serve(int socket, const std::stop_token& stop);

    Script m_script;
    std::optional<TlsFiles> m_tls;
    int m_listener = -1;
    int m_port = 0;
    mutable std::mutex m_mutex;
    std::vector<Request> m_requests;
    std::map<std::string, std::size_t> m_counts;
    std::vector<std::jthread> m_connections;
    std::jthread m_acceptor;
};

} // namespace gatehouse::test
