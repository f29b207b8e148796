#include "core/signing/Manifest.h"

#include "core/crypto/Crypto.h"
#include "core/evidence/Escape.h"
#include "core/signing/PackRules.h"

namespace gatehouse::signing {
namespace {

constexpr json::Limits ManifestLimits{64U << 20, 16};

tl::unexpected<Error> broken(const std::string& why) {
    return failure(ErrorKind::Integrity, std::string(ManifestName) + ": " + why);
}

Result<Manifest::Entry> entryFrom(const json::Value& value) {
    const Manifest::Entry entry{json::text(value, "path"), static_cast<std::uint64_t>(json::number(value, "size", -1)),
                                json::text(value, "sha256")};
    const std::string shown = "entry '" + evidence::visible(entry.path) + "'";
    if (const std::string problem = pathProblem(entry.path); !problem.empty()) {
        return broken(shown + ": " + problem);
    }
    if (entry.path == ManifestName || entry.path == AttestationName) {
        return broken(shown + " must not be listed");
    }
    if (!value.is_object() || value.get_object().size() != 3 || json::number(value, "size", -1) < 0 ||
        entry.size > MaxFileBytes || !crypto::sha256FromHex(entry.sha256)) {
        return broken(shown + " does not have exactly a path, a size and a SHA-256");
    }
    return entry;
}

} // namespace

std::string manifestText(const evidence::EvidenceBundle& bundle) {
    json::Array files;
    for (const auto& [path, content] : bundle.files) {
        files.push_back(json::Object{{"path", path}, {"size", content.size()}, {"sha256", crypto::sha256Hex(content)}});
    }
    return json::canonical(json::Object{{"apiVersion", "gatehouse.dev/v1alpha1"},
                                        {"kind", "EvidenceManifest"},
                                        {"run", bundle.run.toJson()},
                                        {"madeAt", toRfc3339(bundle.madeAt)},
                                        {"files", std::move(files)}});
}

Result<Manifest> readManifest(std::string_view text) {
    const Result<json::Value> value = json::parse(text, ManifestLimits);
    if (!value) {
        return broken(value.error().message);
    }
    if (json::canonical(*value) != text) {
        return broken("it is not in its one canonical form");
    }
    const json::Value* files = json::find(*value, "files");
    if (json::text(*value, "apiVersion") != "gatehouse.dev/v1alpha1" ||
        json::text(*value, "kind") != "EvidenceManifest" || value->get_object().size() != 5 || files == nullptr ||
        !files->is_array()) {
        return broken("it is no manifest of an evidence pack that this version knows");
    }
    Manifest manifest{json::text(*value, "run.id"), json::text(*value, "madeAt"), {}};
    if (manifest.runId.empty() || !parseRfc3339(manifest.madeAt)) {
        return broken("it does not say which run it is of and when it was made");
    }
    for (const json::Value& item : files->get_array()) {
        Result<Manifest::Entry> entry = entryFrom(item);
        if (!entry) {
            return failure(std::move(entry.error()));
        }
        if (!manifest.files.empty() && manifest.files.back().path >= entry->path) {
            return broken("entry '" + entry->path + "' is doubled or out of order");
        }
        manifest.files.push_back(std::move(*entry));
    }
    return manifest;
}

} // namespace gatehouse::signing
