#include "agent/http_server/Channel.h"

#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>

namespace gatehouse::http_server {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

void closeSocket(Socket& socket) {
    error_code ignored;
    socket.close(ignored);
}

class PlainChannel final : public Channel {
public:
    explicit PlainChannel(Socket socket) : m_socket(std::move(socket)) {}

    void handshake(Done done) override {
        asio::post(m_socket.get_executor(), [done = std::move(done)] { done({}, 0); });
    }

    void read(asio::mutable_buffer into, Done done) override { m_socket.async_read_some(into, std::move(done)); }

    void write(asio::const_buffer from, Done done) override { m_socket.async_write_some(from, std::move(done)); }

    void endSending() override {
        error_code ignored;
        m_socket.shutdown(Socket::shutdown_send, ignored);
    }

    void close() override { closeSocket(m_socket); }

private:
    Socket m_socket;
};

class TlsChannel final : public Channel {
public:
    TlsChannel(Socket socket, TlsContext context)
        : m_context(std::move(context)),
          m_stream(std::move(socket), *m_context) {}

    void handshake(Done done) override {
        m_stream.async_handshake(asio::ssl::stream_base::server,
                                 [done = std::move(done)](error_code code) { done(code, 0); });
    }

    void read(asio::mutable_buffer into, Done done) override { m_stream.async_read_some(into, std::move(done)); }

    void write(asio::const_buffer from, Done done) override { m_stream.async_write_some(from, std::move(done)); }

    void endSending() override {
        error_code ignored;
        m_stream.next_layer().shutdown(Socket::shutdown_send, ignored);
    }

    void close() override { closeSocket(m_stream.next_layer()); }

private:
    TlsContext m_context;
    asio::ssl::stream<Socket> m_stream;
};

} // namespace

std::unique_ptr<Channel> makeChannel(Socket socket, TlsContext context) {
    if (context == nullptr) {
        return std::make_unique<PlainChannel>(std::move(socket));
    }
    return std::make_unique<TlsChannel>(std::move(socket), std::move(context));
}

} // namespace gatehouse::http_server
