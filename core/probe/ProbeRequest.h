#pragma once

#include "core/probe/BaseUrl.h"
#include "core/probe/Redactor.h"
#include "core/secrets/Secret.h"

#include <string>
#include <vector>

namespace gatehouse::probe {

/// One header of a request; what must not be kept stands in `secret`, which is written after `value`.
struct RequestHeader {
    std::string name;
    std::string value;
    Secret secret;
    std::string secretName; ///< "credential of this endpoint"
};

/// A request as it will be written.
struct ProbeRequest {
    std::string method;
    std::string path; ///< below the base URL, with a leading slash
    std::vector<RequestHeader> headers;
    std::string body;
    std::string contentType; ///< empty: no body is announced
};

/// The bytes of a request and where its secrets are. Wiped when it dies.
class RequestBytes {
public:
    RequestBytes(const BaseUrl& url, const ProbeRequest& request, const std::string& nonce, const Redactor& redactor);
    ~RequestBytes();
    RequestBytes(const RequestBytes&) = delete;
    RequestBytes& operator=(const RequestBytes&) = delete;

    [[nodiscard]] std::string_view bytes() const { return m_bytes; }

    [[nodiscard]] const std::vector<Transcript::Cut>& cuts() const { return m_cuts; }

private:
    std::string m_bytes;
    std::vector<Transcript::Cut> m_cuts;
};

} // namespace gatehouse::probe
