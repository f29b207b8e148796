#include "core/http/Url.h"

#include <algorithm>
#include <charconv>

namespace gatehouse::http {
namespace {

tl::unexpected<Error> unusable(std::string_view text, const char* why) {
    return failure(ErrorKind::BadRequest, "the URL '" + std::string(text.substr(0, 200)) + "' cannot be used: " + why,
                   "write it like https://127.0.0.1:8444");
}

} // namespace

std::string Url::authority() const {
    const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
    const bool usual = port == (tls ? 443 : 80);
    return usual ? name : name + ":" + std::to_string(port);
}

Result<Url> parseUrl(std::string_view text) {
    Url url;
    std::string_view rest = text;
    if (rest.starts_with("https://")) {
        url.tls = true;
        rest.remove_prefix(8);
    } else if (rest.starts_with("http://")) {
        rest.remove_prefix(7);
    } else {
        return unusable(text, "it does not begin with https:// or http://");
    }
    if (rest.find_first_of("@?#\\") != std::string_view::npos) {
        return unusable(text, "a user name, query or fragment has no place in it");
    }
    if (std::any_of(rest.begin(), rest.end(), [](unsigned char c) { return c <= 0x20 || c >= 0x7f; })) {
        return unusable(text, "it holds a blank or a character that is not ASCII");
    }
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    std::string_view authority = rest.substr(0, slash);
    url.path = rest.substr(slash);
    while (url.path.ends_with('/')) {
        url.path.pop_back();
    }
    std::string_view port;
    if (authority.starts_with('[')) {
        const std::size_t end = authority.find(']');
        if (end == std::string_view::npos) {
            return unusable(text, "a ] is missing");
        }
        url.host = authority.substr(1, end - 1);
        port = authority.substr(end + 1);
    } else {
        const std::size_t colon = std::min(authority.find(':'), authority.size());
        url.host = authority.substr(0, colon);
        port = authority.substr(colon);
    }
    url.port = url.tls ? 443 : 80;
    if (!port.empty()) {
        const auto* last = port.data() + port.size();
        const auto [end, error] = std::from_chars(port.data() + 1, last, url.port);
        if (port.front() != ':' || error != std::errc() || end != last || url.port == 0) {
            return unusable(text, "the port is no number from 1 to 65535");
        }
    }
    if (url.host.empty()) {
        return unusable(text, "the host is missing");
    }
    return url;
}

} // namespace gatehouse::http
