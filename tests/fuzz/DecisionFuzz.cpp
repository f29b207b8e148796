#include "agent/authorizer/BodyModel.h"
#include "agent/authorizer/Decision.h"
#include "core/json/Json.h"
#include "tests/fuzz/Fuzz.h"

/// Input: method NUL path NUL authorization NUL second authorization NUL content type NUL content encoding NUL body.
/// There is no key, so nothing may pass; and a model id that is read is the one that a full JSON reader sees.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatehouse;
    std::string_view rest = fuzz::view(data, size);
    authorizer::RequestFacts request;
    request.method = fuzz::field(rest);
    request.path = fuzz::field(rest);
    for (auto* fields :
         {&request.authorization, &request.authorization, &request.contentType, &request.contentEncoding}) {
        if (const std::string_view value = fuzz::field(rest); !value.empty()) {
            fields->push_back(value);
        }
    }
    request.body = rest;

    static const keys::KeyTable noKeys;
    static const authorizer::ModelDirectory noModels;
    static const Secret agentKey(std::string("only-this-process-knows-it"));
    for (const authorizer::Stage stage : {authorizer::Stage::Authenticate, authorizer::Stage::Authorize}) {
        request.stage = stage;
        const authorizer::Decision decision = authorizer::decide(request, noKeys, noModels, agentKey, TimePoint{});
        fuzz::require(!decision.allowed(), "without a key nothing passes");
        fuzz::require(decision.caller == nullptr, "without a key there is no caller");
        fuzz::require(json::parse(authorizer::errorBody(decision)).has_value(), "a refusal is JSON");
    }

    if (const auto model = authorizer::readModel(request.body); model) {
        const auto body = json::parse(request.body);
        fuzz::require(body && body->is_object(), "a body with a model is one JSON object");
        const json::Value* member = json::find(*body, "model");
        fuzz::require(member != nullptr && member->is_string() && member->get_string() == *model,
                      "both readers see the same model");
    }
    return 0;
}
