#pragma once

#include "core/probe/Connection.h"
#include "core/probe/HttpResponseParser.h"
#include "core/probe/ProbeRequest.h"

#include <optional>

namespace gatehouse::probe {

/// What came of one request on one new connection.
struct ExchangeFacts {
    Transcript transcript;
    /// A whole, valid answer (its body perhaps cut at the limit). Empty: see transcript.failure. May hold a secret that
    /// the server echoed: for judging only, never to be kept.
    std::optional<HttpResponse> response;
    bool cancelled = false;
    bool echoedSecret = false; ///< the server gave back a secret, whole or in part
};

/// Where and how the requests of one endpoint are sent.
struct ExchangePlace {
    BaseUrl url;
    std::vector<SocketAddress> addresses; ///< tried in turn
    std::optional<TlsSettings> tls;       ///< set for https
    std::chrono::milliseconds connectTimeout{5'000};
    std::chrono::milliseconds exchangeTimeout{15'000};
    std::size_t maxAnswerBytes = 256U << 10;
};

/// Sends the request on a connection of its own and reads one answer. Never longer than the two timeouts together,
/// never more bytes kept than the limit and the headers'. A random X-Request-Id is made for it.
[[nodiscard]] ExchangeFacts exchange(const ExchangePlace& place, const ProbeRequest& request, const Redactor& redactor,
                                     std::string transcriptId, const Clock& clock, const std::stop_token& stop);

} // namespace gatehouse::probe
