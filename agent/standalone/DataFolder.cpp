#include "agent/standalone/DataFolder.h"

#include <sys/stat.h>
#include <unistd.h>

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
    // Whoever owns a folder, or the link to it, can put another in its place.
    for (const auto& folder : {root, store(), tls(), envoy(), runs(), packs(), manifests(), logs()}) {
        struct stat link {};

        struct stat target {};

        const bool known = ::lstat(folder.c_str(), &link) == 0 && ::stat(folder.c_str(), &target) == 0;
        if (!known || (link.st_uid != ::geteuid() && link.st_uid != 0) || target.st_uid != ::geteuid()) {
            return failure(ErrorKind::Storage, "the data folder " + folder.string() + " belongs to somebody else",
                           "choose another folder with --data");
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
