#include "core/api/ModelRules.h"
#include "core/api/Names.h"
#include "core/api/Validation.h"

#include <set>

namespace gatehouse::api {
namespace {

void checkProvider(const PassthroughModel& model, Problems& problems) {
    const std::string field = "spec.provider.hostname";
    if (model.hostname.find_first_not_of(" \t\r\n") == std::string::npos) {
        problems.add(field, "must not be empty", "write the provider's host name");
    } else if (model.hostname.find("://") != std::string::npos) {
        problems.add(field, inQuotes(model.hostname) + " is not a bare hostname",
                     "drop the scheme; the connection is always TLS");
    } else if (model.hostname.find_first_of("/: \t\r\n") != std::string::npos) {
        problems.add(field, inQuotes(model.hostname) + " is not a bare hostname",
                     "drop port, path and white space; the port goes into spec.provider.port");
    } else if (!isDnsSubdomain(model.hostname)) {
        problems.add(field, inQuotes(model.hostname) + " is not a host name",
                     "use lower-case letters, digits, '-' and '.'");
    }
    if (model.port < 1 || model.port > 65535) {
        problems.add("spec.provider.port", "is " + std::to_string(model.port), "use 1 to 65535");
    }
    if (model.credentialSecretName.find_first_not_of(" \t\r\n") == std::string::npos) {
        problems.add("spec.provider.credentialSecretName", "must not be empty",
                     "name a Secret of this namespace with key apiKey");
    }
    checkReference("spec.provider.credentialSecretName", model.credentialSecretName, problems);
    if (model.schemaVersion.find_first_of(" \t\r\n?#") != std::string::npos || model.schemaVersion.size() > 256 ||
        model.schemaVersion.find("..") != std::string::npos) {
        problems.add("spec.provider.schemaVersion", "is " + inQuotes(model.schemaVersion),
                     "write the path in front of /chat/completions, for example api/v1");
    }
}

void checkDeclared(const PassthroughModel& model, Problems& problems) {
    if (!model.catchAll && model.declared.empty()) {
        problems.add("spec.models", "routes nothing", "enable catchAll, or declare at least one model id");
    }
    for (std::size_t i = 0; i < model.declared.size(); ++i) {
        checkModelId("spec.models.declared[" + std::to_string(i) + "]", model.declared[i], problems);
    }
}

} // namespace

std::vector<Error> validate(const PassthroughModel& model) {
    Problems problems;
    if (!isDnsSubdomain(model.identity.name) || model.identity.name.size() > 63) {
        problems.add("metadata.name", inQuotes(model.identity.name) + " cannot be a label, which every object carries",
                     "use at most 63 lower-case letters, digits, '-' and '.'");
    }
    checkAccess(model.access, problems);
    checkProvider(model, problems);
    checkDeclared(model, problems);
    if (!model.endpoints.external && !model.endpoints.internal) {
        problems.add("spec.endpoints", "disables both external and internal", "leave at least one enabled");
    }
    checkAnnotations(model.identity, problems);
    return problems.take();
}

std::vector<std::string> warningsFor(const PassthroughModel& model) {
    std::vector<std::string> warnings;
    if (model.catchAll) {
        warnings.emplace_back("spec.models.catchAll has no effect on Envoy AI Gateway 0.5, which answers 404 before it "
                              "looks at the route");
    }
    if (std::set<std::string>(model.declared.begin(), model.declared.end()).size() < model.declared.size()) {
        warnings.emplace_back("spec.models.declared names a model id twice");
    }
    return warnings;
}

} // namespace gatehouse::api
