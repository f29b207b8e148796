#include "core/probe/BaseUrl.h"

#include <algorithm>
#include <charconv>

namespace gatehouse::probe {
namespace {

tl::unexpected<Error> badUrl(std::string_view text, const std::string& why) {
    return failure(ErrorKind::Invalid, "the URL '" + std::string(text.substr(0, 200)) + "' cannot be probed: " + why,
                   "give http://HOST[:PORT][/PREFIX] or https://HOST[:PORT][/PREFIX]");
}

bool isHostName(std::string_view host) {
    return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '.' ||
               c == '_';
    });
}

bool isAddress6(std::string_view host) {
    return !host.empty() && host.find(':') != std::string_view::npos &&
           host.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
}

} // namespace

std::string BaseUrl::authority() const {
    std::string text = host.find(':') == std::string::npos ? host : "[" + host + "]";
    if (port != (tls ? 443 : 80)) {
        text += ":" + std::to_string(port);
    }
    return text;
}

bool BaseUrl::isLoopback() const {
    return host == "localhost" || host == "::1" || host.rfind("127.", 0) == 0;
}

Result<BaseUrl> BaseUrl::parse(std::string_view text) {
    BaseUrl url;
    std::string_view rest = text;
    if (rest.substr(0, 8) == "https://") {
        rest.remove_prefix(8);
    } else if (rest.substr(0, 7) == "http://") {
        rest.remove_prefix(7);
        url.tls = false;
        url.port = 80;
    } else {
        return badUrl(text, "it does not begin with http:// or https://");
    }
    if (std::any_of(rest.begin(), rest.end(), [](char c) {
            return static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7F || c == '\\';
        })) {
        return badUrl("(unprintable)", "it holds characters that no URL may hold");
    }
    if (rest.find_first_of("?#@") != std::string_view::npos) {
        return badUrl(rest.find('@') == std::string_view::npos ? text : "(with user information)",
                      "a query, a fragment or user information is not allowed");
    }
    const std::size_t slash = rest.find('/');
    std::string_view place = rest.substr(0, slash);
    if (slash != std::string_view::npos) {
        url.path = rest.substr(slash);
        while (!url.path.empty() && url.path.back() == '/') {
            url.path.pop_back();
        }
    }
    std::string_view portText;
    if (!place.empty() && place.front() == '[') {
        const std::size_t close = place.find(']');
        if (close == std::string_view::npos || !isAddress6(place.substr(1, close - 1))) {
            return badUrl(text, "its IPv6 address is not valid");
        }
        url.host = place.substr(1, close - 1);
        portText = place.substr(close + 1);
    } else {
        const std::size_t colon = place.find(':');
        url.host = place.substr(0, colon);
        portText = colon == std::string_view::npos ? std::string_view() : place.substr(colon);
        if (!isHostName(url.host)) {
            return badUrl(text, "its host name is not valid");
        }
    }
    if (!portText.empty()) {
        unsigned port = 0;
        const char* first = portText.data() + 1;
        const char* last = portText.data() + portText.size();
        const auto [end, error] = std::from_chars(first, last, port);
        if (portText.front() != ':' || first == last || error != std::errc() || end != last || port < 1 ||
            port > 65535) {
            return badUrl(text, "its port is not a number from 1 to 65535");
        }
        url.port = static_cast<std::uint16_t>(port);
    }
    return url;
}

} // namespace gatehouse::probe
