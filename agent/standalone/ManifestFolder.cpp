#include "agent/standalone/ManifestFolder.h"

#include "core/api/Admission.h"
#include "core/crypto/Crypto.h"
#include "core/files/Files.h"
#include "core/logging/Log.h"
#include "core/object_store/KnownKinds.h"
#include "core/time/Pause.h"
#include "core/yaml/Yaml.h"

#include <algorithm>
#include <vector>

namespace gatehouse::standalone {
namespace {

constexpr std::size_t FileLimit = 4U << 20;

std::vector<std::filesystem::path> manifestsIn(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    std::error_code code;
    for (const auto& entry : std::filesystem::directory_iterator(folder, code)) {
        const auto extension = entry.path().extension();
        if (entry.is_regular_file(code) && (extension == ".yaml" || extension == ".yml")) {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace

ManifestFolder::ManifestFolder(ObjectStore& store, std::filesystem::path folder, std::chrono::milliseconds interval)
    : m_store(store),
      m_folder(std::move(folder)),
      m_interval(interval),
      m_thread([this](std::stop_token stop) {
          while (!stop.stop_requested()) {
              scan();
              pauseFor(m_interval, stop);
          }
      }) {}

std::size_t ManifestFolder::scan() {
    std::size_t applied = 0;
    for (const auto& path : manifestsIn(m_folder)) {
        const auto text = files::read(path, FileLimit);
        const std::string digest = text ? crypto::sha256Hex(*text) : text.error().message;
        if (m_seen[path] == digest) {
            continue;
        }
        const auto done = text ? applyFile(*text) : Result<std::size_t>(failure(text.error()));
        if (done) {
            log::info("manifest applied", {{"file", path.string()}, {"objects", std::to_string(*done)}});
            applied += *done;
        } else {
            log::warning("manifest not applied", {{"file", path.string()}, {"error", done.error().describe()}});
        }
        // A conflict or a full disk may pass by itself; a mistake in the file stays until the file changes.
        m_seen[path] = done || !isRetryable(done.error()) ? digest : "";
    }
    return applied;
}

Result<std::size_t> ManifestFolder::applyFile(const std::string& text) {
    auto documents = yaml::readAll(text);
    if (!documents) {
        return failure(std::move(documents.error()));
    }
    std::vector<Object> objects;
    for (auto& document : *documents) {
        auto object = Object::from(std::move(document.value));
        auto admitted = object ? api::admit(std::move(*object)) : object;
        if (!admitted) {
            return failure(because("line " + std::to_string(document.line), std::move(admitted.error())));
        }
        if (findKind(admitted->apiVersion(), admitted->kind()) == nullptr) {
            return failure(ErrorKind::Invalid, "line " + std::to_string(document.line) + ": kind " + admitted->kind() +
                                                   " of " + admitted->apiVersion() + " is not served here");
        }
        if (admitted->nameSpace().empty()) {
            admitted->metadata()["namespace"] = "default";
        }
        objects.push_back(std::move(*admitted));
    }
    for (const Object& object : objects) {
        ApplyOptions options;
        options.fieldManager = "gatehouse-manifests";
        options.force = true;
        if (auto applied = m_store.apply(object, options); !applied) {
            return failure(because(object.kind() + " " + object.name(), std::move(applied.error())));
        }
    }
    return objects.size();
}

} // namespace gatehouse::standalone
