#include "core/probe/ProbeRequest.h"

namespace gatehouse::probe {

RequestBytes::RequestBytes(const BaseUrl& url, const ProbeRequest& request, const std::string& nonce,
                           const Redactor& redactor) {
    // Reserved at once, so that no copy with a secret is left behind by growth.
    std::size_t size = 512 + request.body.size() + request.path.size() + url.path.size() + url.host.size();
    for (const RequestHeader& header : request.headers) {
        size += header.name.size() + header.value.size() + header.secret.size() + 4;
    }
    m_bytes.reserve(size);
    m_bytes += request.method + " " + url.path + request.path + " HTTP/1.1\r\nHost: " + url.authority() + "\r\n";
    m_bytes += std::string("User-Agent: gatehouse-probe/") + GATEHOUSE_VERSION + "\r\nX-Request-Id: " + nonce +
               "\r\nAccept: application/json\r\nAccept-Encoding: identity\r\nConnection: close\r\n";
    std::vector<Transcript::Cut> known;
    for (const RequestHeader& header : request.headers) {
        m_bytes += header.name + ": " + header.value;
        if (!header.secret.empty()) {
            known.push_back({m_bytes.size(), header.secret.size(), header.secretName,
                             redactor.fingerprint(header.secret.reveal())});
            m_bytes.append(header.secret.reveal());
        }
        m_bytes += "\r\n";
    }
    if (!request.contentType.empty()) {
        m_bytes += "Content-Type: " + request.contentType +
                   "\r\nContent-Length: " + std::to_string(request.body.size()) + "\r\n";
    } else if (request.method == "POST" || request.method == "PUT" || request.method == "PATCH") {
        m_bytes += "Content-Length: 0\r\n";
    }
    m_bytes += "\r\n" + request.body;
    m_cuts = Redactor::merge(std::move(known), redactor.find(m_bytes));
}

RequestBytes::~RequestBytes() {
    wipe(m_bytes);
}

} // namespace gatehouse::probe
