#include "core/probe/Redactor.h"

#include "core/crypto/Crypto.h"

#include <algorithm>

namespace gatehouse::probe {
namespace {

constexpr std::size_t GramBytes = 8;

std::uint64_t loweredByte(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte;
}

} // namespace

Redactor::Redactor(std::string runId) : m_runId(std::move(runId)) {}

std::string Redactor::fingerprint(std::string_view secret) const {
    std::string salted = m_runId + ":";
    salted.append(secret);
    std::string digest = crypto::sha256Hex(salted).substr(0, 12);
    wipe(salted);
    return digest;
}

void Redactor::add(const std::string& what, std::string_view secret) {
    if (secret.empty()) {
        return;
    }
    const std::size_t index = m_known.size();
    m_known.push_back({what, fingerprint(secret)});
    if (secret.size() < GramBytes) {
        m_short.emplace_back(Secret::copyOf(secret), index);
        return;
    }
    addForm(index, secret);
    // Base64 of the secret at each of the three places it can begin at in what was encoded with it.
    for (std::size_t lead = 0; lead < 3; ++lead) {
        std::string padded(lead, 'x');
        padded.append(secret);
        std::string encoded = crypto::base64(padded);
        const std::size_t tail = padded.size() % 3 == 0 ? 0 : 4;
        const std::size_t head = lead == 0 ? 0 : 4;
        addForm(index, std::string_view(encoded).substr(head, encoded.size() - head - tail));
        wipe(encoded);
        wipe(padded);
    }
    std::string inHex = crypto::hex(secret);
    addForm(index, inHex);
    wipe(inHex);
}

void Redactor::addForm(std::size_t index, std::string_view text) {
    std::uint64_t window = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        window = (window << 8U) | loweredByte(text[i]);
        if (i + 1 >= GramBytes) {
            m_grams.emplace(window, index);
        }
    }
}

std::vector<Transcript::Cut> Redactor::find(std::string_view bytes) const {
    std::vector<Transcript::Cut> cuts;
    std::uint64_t window = 0;
    for (std::size_t i = 0; i < bytes.size() && !m_grams.empty(); ++i) {
        window = (window << 8U) | loweredByte(bytes[i]);
        if (i + 1 < GramBytes) {
            continue;
        }
        const auto found = m_grams.find(window);
        if (found == m_grams.end()) {
            continue;
        }
        const std::size_t start = i + 1 - GramBytes;
        if (!cuts.empty() && start <= cuts.back().offset + cuts.back().length) {
            cuts.back().length = i + 1 - cuts.back().offset;
        } else {
            const Known& known = m_known[found->second];
            cuts.push_back({start, GramBytes, known.what, known.fingerprint});
        }
    }
    std::vector<Transcript::Cut> shortCuts;
    findShort(bytes, shortCuts);
    return shortCuts.empty() ? cuts : merge(std::move(cuts), shortCuts);
}

void Redactor::findShort(std::string_view bytes, std::vector<Transcript::Cut>& cuts) const {
    for (const auto& [secret, index] : m_short) {
        for (std::size_t at = bytes.find(secret.reveal()); at != std::string_view::npos;
             at = bytes.find(secret.reveal(), at + secret.size())) {
            cuts = merge(std::move(cuts), {{at, secret.size(), m_known[index].what, m_known[index].fingerprint}});
        }
    }
}

std::string Redactor::cut(std::string_view bytes, const std::vector<Transcript::Cut>& cuts) {
    std::string out;
    std::size_t at = 0;
    for (const Transcript::Cut& each : cuts) {
        out.append(bytes.substr(at, each.offset - at));
        out += "<redacted:" + std::to_string(each.length) + " bytes>";
        at = each.offset + each.length;
    }
    out.append(bytes.substr(at));
    return out;
}

std::vector<Transcript::Cut> Redactor::merge(std::vector<Transcript::Cut> first,
                                             const std::vector<Transcript::Cut>& second) {
    first.insert(first.end(), second.begin(), second.end());
    std::stable_sort(first.begin(), first.end(), [](const auto& a, const auto& b) { return a.offset < b.offset; });
    std::vector<Transcript::Cut> merged;
    for (Transcript::Cut& each : first) {
        if (!merged.empty() && each.offset < merged.back().offset + merged.back().length) {
            const std::size_t end = std::max(merged.back().offset + merged.back().length, each.offset + each.length);
            merged.back().length = end - merged.back().offset;
        } else {
            merged.push_back(std::move(each));
        }
    }
    return merged;
}

} // namespace gatehouse::probe
