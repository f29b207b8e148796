#include "core/http/HttpClient.h"

#include "core/http/Connection.h"
#include "core/http/Url.h"
#include "core/tls/OpenSsl.h"
#include "core/tls/TlsPolicy.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <mutex>
#include <openssl/ssl.h>
#include <optional>

namespace gatehouse::http {

namespace beast = boost::beast;
using Clock = std::chrono::steady_clock;
using Parser = beast::http::response_parser<beast::http::string_body>;

namespace {

constexpr std::size_t MaxIdleConnections = 8;
/// Shorter than our server's 60 s, so that the client lets go first.
constexpr auto MaxIdleTime = std::chrono::seconds(45);

bool isToken(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 ||
               std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
    });
}

bool isFieldValue(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
}

/// Refuses whatever could be read as more than one request.
Result<void> checkRequest(const Request& request) {
    const bool target = request.target.starts_with('/') &&
                        std::none_of(request.target.begin(), request.target.end(),
                                     [](unsigned char c) { return c <= 0x20 || c >= 0x7f || c == '#'; });
    const bool fields = std::all_of(request.headers.all().begin(), request.headers.all().end(), [](const auto& field) {
        return isToken(field.first) && isFieldValue(field.second);
    });
    if (!isToken(request.method) || !target || !fields) {
        return failure(ErrorKind::BadRequest, "the request cannot be sent: its method, target or a header field holds "
                                              "a character that has no place there");
    }
    return {};
}

bool isIdempotent(const std::string& method) {
    return method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE";
}

} // namespace

/// Reads one response off a connection.
class ResponseReader {
public:
    ResponseReader(Connection& connection, const ClientOptions& options, std::string peer)
        : m_connection(connection),
          m_options(options),
          m_peer(std::move(peer)) {}

    [[nodiscard]] bool sawBytes() const { return m_sawBytes; }

    /// The connection may carry another request.
    [[nodiscard]] bool reusable() const { return m_parser->is_done() && m_parser->keep_alive() && m_buffer.empty(); }

    [[nodiscard]] const Parser& parser() const { return *m_parser; }

    Result<void> readHeader(bool head, Deadline deadline, const std::stop_token& stop) {
        do {
            m_parser.emplace();
            m_parser->header_limit(static_cast<std::uint32_t>(m_options.maxHeaderBytes));
            m_parser->body_limit(std::numeric_limits<std::uint64_t>::max());
            m_parser->skip(head);
            while (!m_parser->is_header_done()) {
                if (auto fed = feed(deadline, stop); !fed) {
                    return fed;
                }
            }
        } while (m_parser->get().result_int() / 100 == 1);
        m_parser->eager(true);
        return {};
    }

    /// Appends what has come to `m_parser`'s body string. Call until the parser is done.
    Result<void> readBody(Deadline deadline, const std::stop_token& stop) { return feed(deadline, stop); }

    Result<void> checkBodySize(std::size_t size) const {
        const auto announced = m_parser->content_length();
        if (size > m_options.maxBodyBytes || (announced && *announced > m_options.maxBodyBytes)) {
            return failure(ErrorKind::TooLarge, "the answer of " + m_peer + " is larger than " +
                                                    std::to_string(m_options.maxBodyBytes) + " bytes");
        }
        return {};
    }

    std::string& body() { return m_parser->get().body(); }

    Response header() const {
        Response response;
        response.status = static_cast<int>(m_parser->get().result_int());
        for (const auto& field : m_parser->get()) {
            response.headers.add(std::string(field.name_string()), std::string(field.value()));
        }
        return response;
    }

private:
    /// One step: parses what is buffered, reads more if that was not enough.
    Result<void> feed(Deadline deadline, const std::stop_token& stop) {
        if (!m_buffer.empty()) {
            beast::error_code code;
            const std::size_t used = m_parser->put(boost::asio::buffer(m_buffer), code);
            m_buffer.erase(0, used);
            if (code && code != beast::http::error::need_more) {
                return failure(ErrorKind::BadRequest,
                               "the answer of " + m_peer + " is not valid HTTP: " + code.message(),
                               "check that the URL names an HTTP server");
            }
            if (used > 0 || !code) {
                return {};
            }
        }
        char chunk[32768];
        const auto count = m_connection.readSome(chunk, sizeof chunk, deadline, stop);
        if (!count) {
            return failure(count.error());
        }
        if (*count == 0) {
            return atEnd();
        }
        m_sawBytes = true;
        m_buffer.append(chunk, *count);
        return {};
    }

    Result<void> atEnd() {
        beast::error_code code;
        if (m_parser->got_some()) {
            m_parser->put_eof(code);
            if (!code && m_parser->is_done()) {
                return {};
            }
        }
        return failure(ErrorKind::Unreachable,
                       "the connection to " + m_peer + " was closed before the answer was whole");
    }

    Connection& m_connection;
    const ClientOptions& m_options;
    std::string m_peer;
    std::optional<Parser> m_parser;
    std::string m_buffer;
    bool m_sawBytes = false;
};

class HttpClient::Impl {
public:
    explicit Impl(ClientOptions options) : m_options(std::move(options)), m_url(parseUrl(m_options.baseUrl)) {
        if (m_url && m_url->tls && m_options.unixSocket.empty()) {
            m_context.reset(SSL_CTX_new(TLS_client_method()));
            m_ready = tls::applyPolicy(m_context.get());
            if (m_ready) {
                m_ready = tls::trust(m_context.get(), m_options.caPem);
            }
        } else if (!m_url) {
            m_ready = failure(m_url.error());
        }
    }

    Result<Response> exchange(const Request& request, const StreamHandlers* handlers, std::chrono::milliseconds silence,
                              const std::stop_token& stop) {
        Result<void> fit = m_ready ? checkRequest(request) : m_ready;
        if (!fit) {
            return failure(std::move(fit.error()));
        }
        for (;;) {
            bool reused = false;
            auto connection = take(reused, stop);
            if (!connection) {
                return failure(hinted(std::move(connection.error())));
            }
            After after;
            auto response = exchangeOn(**connection, request, handlers, silence, stop, after);
            if (!response && after.repeatable && reused && isIdempotent(request.method) &&
                response.error().kind == ErrorKind::Unreachable) {
                continue;
            }
            if (!response) {
                return failure(hinted(std::move(response.error())));
            }
            if (after.reusable && !stop.stop_requested()) {
                give(std::move(*connection));
            }
            return response;
        }
    }

    const ClientOptions m_options;

private:
    /// What may be done with the connection after an exchange.
    struct After {
        bool reusable = false;
        bool repeatable = false; ///< not one byte of an answer came
    };

    std::string peer() const { return m_options.unixSocket.empty() ? m_url->authority() : m_options.unixSocket; }

    Error hinted(Error error) const {
        if (error.kind == ErrorKind::Unreachable && error.hint.empty()) {
            error.hint = m_options.unreachableHint;
        }
        return error;
    }

    Result<std::unique_ptr<Connection>> take(bool& reused, const std::stop_token& stop) {
        {
            const std::lock_guard lock(m_mutex);
            while (!m_idle.empty()) {
                auto connection = std::move(m_idle.back());
                m_idle.pop_back();
                if (Clock::now() - connection->idleSince < MaxIdleTime && connection->looksIdle()) {
                    reused = true;
                    return connection;
                }
            }
        }
        return Connection::open(*m_url, m_options.unixSocket, m_context.get(), Clock::now() + m_options.connectTimeout,
                                stop);
    }

    void give(std::unique_ptr<Connection> connection) {
        const std::lock_guard lock(m_mutex);
        if (m_idle.size() < MaxIdleConnections) {
            connection->idleSince = Clock::now();
            m_idle.push_back(std::move(connection));
        }
    }

    /// Header and body as sent. The caller wipes it: it holds the token.
    std::string render(const Request& request) const {
        std::string text = request.method + " " + m_url->path + request.target +
                           " HTTP/1.1\r\nHost: " + (m_options.unixSocket.empty() ? m_url->authority() : "localhost") +
                           "\r\n";
        const auto add = [&text](std::string_view name, std::string_view value) {
            text.append(name).append(": ").append(value).append("\r\n");
        };
        static constexpr std::string_view own[] = {"host", "connection", "content-length", "transfer-encoding"};
        for (const auto& [name, value] : request.headers.all()) {
            const bool ours = std::any_of(std::begin(own), std::end(own),
                                          [&](std::string_view word) { return equalsIgnoringCase(word, name); });
            if (!ours) {
                add(name, value);
            }
        }
        if (!request.headers.contains("User-Agent")) {
            add("User-Agent", m_options.userAgent);
        }
        if (!request.body.empty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH") {
            add("Content-Length", std::to_string(request.body.size()));
        }
        if (!m_options.token.empty()) {
            text.reserve(text.size() + m_options.token.size() + request.body.size() + 64);
            add("Authorization", "");
            text.resize(text.size() - 2);
            text.append("Bearer ").append(m_options.token.reveal()).append("\r\n");
        }
        text += "\r\n";
        text += request.body;
        return text;
    }

    Result<Response> exchangeOn(Connection& connection, const Request& request, const StreamHandlers* handlers,
                                std::chrono::milliseconds silence, const std::stop_token& stop, After& after) {
        ResponseReader reader(connection, m_options, peer());
        const Deadline headerEnd = Clock::now() + m_options.headerTimeout;
        std::string bytes = render(request);
        const auto written = connection.write(bytes, headerEnd, stop);
        wipe(bytes);
        // A server that refuses early may close its side while we still send: its answer is worth reading.
        const auto header = written || written.error().kind == ErrorKind::Unreachable
                                ? reader.readHeader(request.method == "HEAD", headerEnd, stop)
                                : written;
        if (!header) {
            after.repeatable = !reader.sawBytes();
            return failure(written ? header.error() : written.error());
        }
        Response response = reader.header();
        const bool streamed = handlers != nullptr && response.status / 100 == 2;
        auto body = streamed ? passLines(reader, response, *handlers, silence, stop) : readWhole(reader, stop);
        if (!body) {
            return failure(std::move(body.error()));
        }
        response.body = std::move(*body);
        after.reusable = written && reader.reusable();
        return response;
    }

    Result<std::string> readWhole(ResponseReader& reader, const std::stop_token& stop) const {
        const Deadline end = Clock::now() + m_options.bodyTimeout;
        while (true) {
            if (auto fits = reader.checkBodySize(reader.body().size()); !fits) {
                return failure(std::move(fits.error()));
            }
            if (reader.parser().is_done()) {
                return std::move(reader.body());
            }
            if (auto read = reader.readBody(end, stop); !read) {
                return failure(std::move(read.error()));
            }
        }
    }

    Result<std::string> passLines(ResponseReader& reader, const Response& header, const StreamHandlers& handlers,
                                  std::chrono::milliseconds silence, const std::stop_token& stop) const {
        if (handlers.opened) {
            handlers.opened(header);
        }
        std::string pending;
        while (!reader.parser().is_done()) {
            const Deadline end = silence.count() == 0 ? Deadline::max() : Clock::now() + silence;
            if (auto read = reader.readBody(end, stop); !read) {
                return failure(std::move(read.error()));
            }
            pending += reader.body();
            reader.body().clear();
            std::size_t start = 0;
            for (std::size_t newline = 0; (newline = pending.find('\n', start)) != std::string::npos;
                 start = newline + 1) {
                if (!handlers.line(std::string_view(pending).substr(start, newline - start))) {
                    return std::string();
                }
            }
            pending.erase(0, start);
            if (auto fits = reader.checkBodySize(pending.size()); !fits) {
                return failure(std::move(fits.error()));
            }
        }
        if (!pending.empty()) {
            (void)handlers.line(pending);
        }
        return std::string();
    }

    Result<Url> m_url;
    Result<void> m_ready;
    tls::Owned<SSL_CTX> m_context;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<Connection>> m_idle;
};

HttpClient::HttpClient(ClientOptions options) : m_impl(std::make_unique<Impl>(std::move(options))) {}

HttpClient::~HttpClient() = default;

Result<Response> HttpClient::send(const Request& request, std::stop_token stop) {
    return m_impl->exchange(request, nullptr, {}, stop);
}

Result<Response> HttpClient::stream(const Request& request, const StreamHandlers& handlers,
                                    std::chrono::milliseconds silence, std::stop_token stop) {
    return m_impl->exchange(request, &handlers, silence, stop);
}

const ClientOptions& HttpClient::options() const {
    return m_impl->m_options;
}

std::string percentEncode(std::string_view text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
                           (byte >= 'A' && byte <= 'Z') || c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            out += c;
        } else {
            out += '%';
            out += digits[byte >> 4U];
            out += digits[byte & 15U];
        }
    }
    return out;
}

} // namespace gatehouse::http
