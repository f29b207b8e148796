#include "core/probe/checks/KeyForms.h"

#include "core/crypto/Crypto.h"

namespace gatehouse::probe {

Carrier carrierOf(const ProbeTarget& target) {
    return target.credential ? Carrier{target.credential->header, target.credential->prefix} : Carrier{};
}

std::string randomKeyLike(std::string_view model) {
    if (model.size() < 8) {
        return "sk-" + crypto::base64Url(crypto::randomBytes(24));
    }
    constexpr std::string_view digits = "0123456789";
    constexpr std::string_view lower = "abcdefghijklmnopqrstuvwxyz";
    constexpr std::string_view upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const std::string random = crypto::randomBytes(model.size());
    const std::size_t mark = model.substr(0, 6).find_first_of("-_");
    std::string key;
    for (std::size_t i = 0; i < model.size(); ++i) {
        const char c = model[i];
        const std::string_view alphabet = digits.find(c) != std::string_view::npos  ? digits
                                          : lower.find(c) != std::string_view::npos ? lower
                                          : upper.find(c) != std::string_view::npos ? upper
                                                                                    : std::string_view();
        const bool kept = alphabet.empty() || (mark != std::string_view::npos && i <= mark);
        key += kept ? c : alphabet[static_cast<unsigned char>(random[i]) % alphabet.size()];
    }
    return key;
}

} // namespace gatehouse::probe
