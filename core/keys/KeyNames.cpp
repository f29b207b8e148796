#include "core/keys/KeyNames.h"

#include "core/crypto/Crypto.h"

#include <algorithm>

namespace gatehouse::keys {
namespace {

bool isPlain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_';
}

std::string withoutSuffix(std::string_view name, std::string_view suffix) {
    return name.size() > suffix.size() && name.ends_with(suffix)
               ? std::string(name.substr(0, name.size() - suffix.size()))
               : std::string();
}

} // namespace

std::string sanitize(std::string_view text) {
    if (std::all_of(text.begin(), text.end(), isPlain)) {
        return std::string(text);
    }
    std::string plain;
    for (const char c : text) {
        if (c == '@') {
            plain += "-at-";
        } else {
            plain += isPlain(c) ? c : '-';
        }
    }
    return plain + "-" + shortHash({std::string(text)});
}

std::string shortHash(const std::vector<std::string>& parts) {
    std::string joined;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        joined += i == 0 ? std::string() : std::string(1, '\0');
        joined += parts[i];
    }
    return crypto::sha256Hex(joined).substr(0, 32);
}

std::string clientIdPrefix(std::string_view user, std::string_view model) {
    constexpr std::size_t digits = 6;
    const std::string hash = shortHash({std::string(user), std::string(model)});
    std::string owner = sanitize(user);
    std::string name = sanitize(model);
    const std::size_t fixed = std::string_view("user---").size() + hash.size() + 1 + digits;
    const std::size_t room = ClientIdLimit - fixed;
    if (owner.size() + name.size() > room) {
        name.resize(std::min<std::size_t>(name.size(), 63));
        owner.resize(std::min(owner.size(), room - name.size()));
    }
    return "user-" + owner + "-" + name + "-" + hash + "-";
}

Secret newKeyValue() {
    std::string random = crypto::randomBytes(24);
    std::string encoded = crypto::base64Url(random);
    wipe(random);
    std::string value;
    value.reserve(3 + encoded.size());
    value += "sk-";
    value += encoded;
    wipe(encoded);
    return Secret(std::move(value));
}

std::string digestText(std::string_view key) {
    return "sha256:" + crypto::sha256Hex(key);
}

std::string secretNameOf(std::string_view modelName) {
    return std::string(modelName) + std::string(SecretSuffix);
}

std::string metadataNameOf(std::string_view modelName) {
    return std::string(modelName) + std::string(MetadataSuffix);
}

std::string modelOfSecretName(std::string_view name) {
    return withoutSuffix(name, SecretSuffix);
}

std::string modelOfMetadataName(std::string_view name) {
    return withoutSuffix(name, MetadataSuffix);
}

} // namespace gatehouse::keys
