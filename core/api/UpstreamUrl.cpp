#include "core/api/Problems.h"
#include "core/api/Validation.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>

namespace gatehouse::api {
namespace {

constexpr const char* Form = "write http://HOST:PORT or https://HOST:PORT, with a path in front of /v1 if there is one";

/// The URL is not repeated in messages: someone may have put a password into it.
tl::unexpected<Error> badUrl(const std::string& what) {
    return failure(ErrorKind::Invalid, what, Form);
}

bool isHostCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

bool isAddressCharacter(char c) {
    return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || (c >= '0' && c <= '9') || c == ':' || c == '.';
}

bool isPathCharacter(char c) {
    return isHostCharacter(c) || c == '/' || c == '_' || c == '~';
}

/// Hosts that resolvers read as addresses although they do not look like one: "2130706433", "0x7f.1", "127.1".
bool isDisguisedAddress(const std::string& host) {
    unsigned char bytes[4];
    const std::string_view trimmed = std::string_view(host).substr(0, host.size() - (host.ends_with('.') ? 1 : 0));
    const std::string_view last = trimmed.substr(trimmed.rfind('.') + 1);
    const bool number = last.starts_with("0x") || last.starts_with("0X") ||
                        last.find_first_not_of("0123456789") == std::string_view::npos;
    return number && ::inet_pton(AF_INET, host.c_str(), bytes) != 1;
}

/// Addresses of the link alone: nobody's model server, but where clouds hand out the host's credentials.
bool isLinkLocal(const std::string& host) {
    unsigned char v4[4];
    unsigned char v6[16];
    if (::inet_pton(AF_INET, host.c_str(), v4) == 1) {
        return v4[0] == 169 && v4[1] == 254;
    }
    if (::inet_pton(AF_INET6, host.c_str(), v6) != 1) {
        return false;
    }
    const bool mapped = std::all_of(v6, v6 + 10, [](unsigned char c) { return c == 0; });
    return (v6[0] == 0xfe && (v6[1] & 0xc0) == 0x80) || (mapped && v6[12] == 169 && v6[13] == 254);
}

Result<std::uint16_t> portFrom(std::string_view text) {
    unsigned port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || port == 0 || port > 65535) {
        return badUrl("has the port " + inQuotes(text));
    }
    return static_cast<std::uint16_t>(port);
}

/// Splits "host", "host:port" or "[v6]:port".
Result<void> readAuthority(std::string_view authority, UpstreamUrl& url) {
    std::string_view port;
    if (authority.starts_with('[')) {
        const std::size_t close = authority.find(']');
        const std::string_view address = authority.substr(1, close == std::string_view::npos ? 0 : close - 1);
        if (address.empty() || !std::all_of(address.begin(), address.end(), isAddressCharacter)) {
            return badUrl("has no valid address in its brackets");
        }
        url.host = std::string(address);
        port = authority.substr(close + 1);
    } else {
        const std::size_t colon = authority.find(':');
        const std::string_view host = authority.substr(0, colon);
        if (host.empty() || host.size() > 253 || !std::all_of(host.begin(), host.end(), isHostCharacter)) {
            return badUrl("has no valid host");
        }
        url.host = std::string(host);
        port = colon == std::string_view::npos ? std::string_view() : authority.substr(colon);
    }
    if (port.empty()) {
        url.port = url.scheme == "https" ? 443 : 80;
        return {};
    }
    if (!port.starts_with(':')) {
        return badUrl("has something odd behind its host");
    }
    Result<std::uint16_t> number = portFrom(port.substr(1));
    if (!number) {
        return failure(number.error());
    }
    url.port = *number;
    return {};
}

} // namespace

Result<UpstreamUrl> parseUpstreamUrl(const std::string& text) {
    UpstreamUrl url;
    std::string_view rest = text;
    for (const char* scheme : {"http", "https"}) {
        const std::string start = std::string(scheme) + "://";
        if (text.starts_with(start)) {
            url.scheme = scheme;
            rest.remove_prefix(start.size());
        }
    }
    if (url.scheme.empty()) {
        return badUrl("is no http or https URL");
    }
    if (text.size() > 2048) {
        return badUrl("is longer than 2048 characters");
    }
    if (rest.find('@') != std::string_view::npos) {
        return badUrl("holds credentials or an '@'");
    }
    if (rest.find_first_of("?#") != std::string_view::npos) {
        return badUrl("has a query or a fragment");
    }
    const std::size_t slash = rest.find('/');
    if (Result<void> read = readAuthority(rest.substr(0, slash), url); !read) {
        return failure(read.error());
    }
    if (isDisguisedAddress(url.host)) {
        return badUrl("has a number for a host; write an address as four numbers with dots");
    }
    if (isLinkLocal(url.host)) {
        return badUrl("is a link-local address, where no model server is but a cloud's metadata may be");
    }
    std::string prefix = slash == std::string_view::npos ? std::string() : std::string(rest.substr(slash));
    if (!std::all_of(prefix.begin(), prefix.end(), isPathCharacter) || prefix.find("//") != std::string::npos ||
        prefix.find("/.") != std::string::npos) {
        return badUrl("has a path that is not plain");
    }
    while (prefix.ends_with('/')) {
        prefix.pop_back();
    }
    url.prefix = prefix == "/v1" ? std::string() : prefix;
    return url;
}

} // namespace gatehouse::api
