#include "agent/envoy/LiveCheck.h"

#include "agent/authorizer/Endpoints.h"
#include "core/http/HttpClient.h"

#include <utility>

namespace gatehouse::envoy {
namespace {

/// A client of its own for each request: a new connection may reach another of Envoy's threads.
Result<http::Response> get(const std::string& url, const std::string& caPem, Secret token, std::string_view target,
                           std::stop_token stop) {
    http::ClientOptions options;
    options.baseUrl = url;
    options.caPem = caPem;
    options.token = std::move(token);
    options.connectTimeout = std::chrono::seconds(2);
    options.headerTimeout = std::chrono::seconds(5);
    options.bodyTimeout = std::chrono::seconds(5);
    options.maxBodyBytes = 64U << 10;
    http::Request request;
    request.target = target;
    return http::HttpClient(std::move(options)).send(request, std::move(stop));
}

} // namespace

LiveCheck::LiveCheck(std::string url, std::string caPem) : m_url(std::move(url)), m_caPem(std::move(caPem)) {}

Result<std::string> LiveCheck::version(const Secret& agentKey, std::stop_token stop) const {
    Result<http::Response> answer =
        get(m_url, m_caPem, agentKey.clone(), authorizer::VersionCheck.path, std::move(stop));
    if (!answer) {
        return failure(because("the gateway does not answer at " + m_url, answer.error()));
    }
    if (answer->status != 200) {
        return failure(ErrorKind::Internal,
                       "the gateway answered its own check with " + std::to_string(answer->status));
    }
    return std::move(answer->body);
}

Result<int> LiveCheck::statusOf(const Secret& key, std::stop_token stop) const {
    Result<http::Response> answer = get(m_url, m_caPem, key.clone(), authorizer::ModelList.path, std::move(stop));
    if (!answer) {
        return failure(because("the gateway does not answer at " + m_url, answer.error()));
    }
    return answer->status;
}

Result<void> LiveCheck::refusesWithoutKey(std::stop_token stop) const {
    Result<http::Response> answer = get(m_url, m_caPem, Secret(), authorizer::ModelList.path, std::move(stop));
    if (!answer) {
        return failure(because("the gateway does not answer at " + m_url, answer.error()));
    }
    if (answer->status != 401 || !answer->headers.contains(authorizer::DenialHeader)) {
        return failure(ErrorKind::Internal, "a request without a key got " + std::to_string(answer->status) + " from " +
                                                m_url + " where the authorizer's 401 was due");
    }
    return {};
}

} // namespace gatehouse::envoy
