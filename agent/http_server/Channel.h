#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/strand.hpp>
#include <functional>
#include <memory>

namespace gatehouse::http_server {

using Strand = boost::asio::strand<boost::asio::io_context::executor_type>;
using Socket = boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol, Strand>;
using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

/// The bytes of one connection, encrypted or not. All calls and completions on the connection's strand; at most one
/// read and one write under way. Internal to the server.
class Channel {
public:
    using Done = std::function<void(boost::system::error_code, std::size_t)>;

    virtual ~Channel() = default;
    virtual void handshake(Done done) = 0;
    virtual void read(boost::asio::mutable_buffer into, Done done) = 0;
    /// Writes some of it.
    virtual void write(boost::asio::const_buffer from, Done done) = 0;
    /// No more is sent; the other side can still be read.
    virtual void endSending() = 0;
    virtual void close() = 0;
};

[[nodiscard]] std::unique_ptr<Channel> makeChannel(Socket socket, TlsContext context);

} // namespace gatehouse::http_server
