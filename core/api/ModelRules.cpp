#include "core/api/ModelRules.h"

#include "core/api/Names.h"
#include "core/api/Validation.h"

#include <algorithm>

namespace gatehouse::api {
namespace {

/// The gateway's header values hold 4096; longer ids only hide what is meant.
constexpr std::size_t LongestModelId = 256;

bool isBlank(const std::string& text) {
    return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

/// What the Gateway API takes as a header value: printable ASCII with single blanks inside.
bool isHeaderValue(const std::string& text) {
    const auto printable = [](char c) { return c >= '!' && c <= '~'; };
    if (text.empty() || !printable(text.front()) || !printable(text.back())) {
        return false;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool blank = text[i] == ' ' || text[i] == '\t';
        if (!(printable(text[i]) || (blank && printable(text[i - 1])))) {
            return false;
        }
    }
    return true;
}

} // namespace

void checkAccess(const Access& access, Problems& problems) {
    if (!access.isPublic && access.groups.empty()) {
        problems.add("spec.access", "lets nobody in", "set public: true, or name at least one group");
    }
    for (std::size_t i = 0; i < access.groups.size(); ++i) {
        if (isBlank(access.groups[i])) {
            problems.add("spec.access.groups[" + std::to_string(i) + "]", "is blank",
                         "write the group as the token says it, or remove the entry");
        }
    }
}

void checkSubdomain(const Endpoints& endpoints, Problems& problems) {
    const std::string field = "spec.endpoints.external.subdomain";
    if (endpoints.subdomain.size() > 63) {
        problems.add(field, "has " + std::to_string(endpoints.subdomain.size()) + " characters",
                     "use at most 63 characters");
    } else if (!endpoints.subdomain.empty() && !isDnsSubdomain(endpoints.subdomain)) {
        problems.add(field, "is " + inQuotes(endpoints.subdomain), "use lower-case letters, digits and '-'");
    }
}

void checkAnnotations(const Identity& identity, Problems& problems) {
    if (const auto found = identity.annotations.find(UpstreamAnnotation); found != identity.annotations.end()) {
        if (const Result<UpstreamUrl> url = parseUpstreamUrl(found->second); !url) {
            problems.add(std::string("metadata.annotations[") + UpstreamAnnotation + "]", url.error().message,
                         url.error().hint);
        }
    }
    if (const auto found = identity.annotations.find(NoteAnnotation);
        found != identity.annotations.end() && found->second.size() > 1024) {
        problems.add(std::string("metadata.annotations[") + NoteAnnotation + "]",
                     "has " + std::to_string(found->second.size()) + " bytes", "use at most 1024");
    }
}

void checkModelId(const std::string& field, const std::string& id, Problems& problems) {
    if (isBlank(id)) {
        problems.add(field, "must not be empty", "write the model id that callers send, for example org/model");
    } else if (id.size() > LongestModelId) {
        problems.add(field, "has " + std::to_string(id.size()) + " characters",
                     "use at most " + std::to_string(LongestModelId));
    } else if (!isHeaderValue(id)) {
        problems.add(field, "is " + inQuotes(id),
                     "use printable ASCII without blanks at the ends: the id travels in a header");
    } else if (id.front() == '-') {
        problems.add(field, "is " + inQuotes(id),
                     "do not begin with '-': the model server would take it for an option");
    }
}

void checkReference(const std::string& field, const std::string& name, Problems& problems) {
    if (!name.empty() && !isDnsSubdomain(name)) {
        problems.add(field, "is " + inQuotes(name), "use an object's name: lower-case letters, digits, '-' and '.'");
    }
}

} // namespace gatehouse::api
