#include "agent/standalone/DataFolder.h"

#include <sys/stat.h>

namespace gatehouse::standalone {
namespace {

constexpr std::uintmax_t LeastFree = 64U << 20;

} // namespace

Result<void> DataFolder::prepare() const {
    for (const auto& folder : {root, store(), tls(), envoy(), runs(), packs(), manifests(), logs()}) {
        if (auto made = files::makeFolder(folder, 0700); !made) {
            return failure(because("the data folder cannot be used", std::move(made.error())));
        }
    }
    if (::chmod(root.c_str(), 0700) != 0) {
        return failure(ErrorKind::Storage, "the data folder " + root.string() + " belongs to somebody else",
                       "choose another folder with --data");
    }
    const auto free = files::freeSpace(root);
    if (!free) {
        return failure(free.error());
    }
    if (*free < LeastFree) {
        return failure(ErrorKind::Storage,
                       "only " + std::to_string(*free >> 20U) + " MiB are free on the disk of " + root.string(),
                       "free at least 64 MiB there or choose another folder with --data");
    }
    return {};
}

} // namespace gatehouse::standalone
