#include "core/probe/checks/MalformedCredential.h"

#include "core/probe/checks/KeyForms.h"

namespace gatehouse::probe {
namespace {

Variant withKey(const char* name, const std::string& header, const std::string& prefix, Secret key) {
    Variant variant{name, {}, false};
    variant.headers.push_back({header, prefix, std::move(key), "changed credential of this endpoint"});
    return variant;
}

Secret caseFlipped(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
            c = static_cast<char>(c ^ 0x20);
        }
    }
    return Secret(std::move(out));
}

} // namespace

std::vector<Variant> MalformedCredential::variants(const ProbeTarget& target, const Route& route) const {
    static_cast<void>(route);
    const Carrier carrier = carrierOf(target);
    const Secret key = target.credential ? target.credential->value.clone() : Secret(randomKeyLike({}));
    const std::string_view text = key.reveal();
    std::vector<Variant> list;
    if (!carrier.prefix.empty()) {
        list.push_back(withKey("Basic scheme", carrier.header, "Basic ", key.clone()));
        list.push_back(withKey("unknown scheme", carrier.header, "Token ", key.clone()));
    }
    list.push_back(withKey("key without its last character", carrier.header, carrier.prefix,
                           Secret::copyOf(text.substr(0, text.size() - 1))));
    list.push_back(withKey("key with a suffix", carrier.header, carrier.prefix, Secret(std::string(text) + "x")));
    if (Secret flipped = caseFlipped(text); !flipped.equals(text)) {
        list.push_back(withKey("key with its case flipped", carrier.header, carrier.prefix, std::move(flipped)));
    }
    return list;
}

} // namespace gatehouse::probe
