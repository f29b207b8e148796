#include "core/crypto/Crypto.h"
#include "core/exporters/Exporters.h"
#include "core/files/Files.h"
#include "core/signing/PackRules.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <set>
#include <unistd.h>

namespace gatehouse::exporters {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> storageFailure(const std::string& what, const fs::path& path, int code) {
    Error error = makeError(code == EEXIST || code == ENOTEMPTY ? ErrorKind::AlreadyExists : ErrorKind::Storage,
                            what + " " + path.string() + ": " + std::strerror(code));
    if (code == ENOSPC || code == EDQUOT || code == EFBIG) {
        error.hint = "free some disk space there and try again";
    }
    return failure(std::move(error));
}

/// Files and folders alike.
Result<void> syncPath(const fs::path& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        return storageFailure("cannot open", path, errno);
    }
    const int code = ::fsync(fd) == 0 ? 0 : errno;
    ::close(fd);
    return code == 0 ? Result<void>() : storageFailure("cannot sync", path, code);
}

Result<void> writeFile(const fs::path& path, const std::string& content) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0) {
        return storageFailure("cannot create", path, errno);
    }
    int code = 0;
    for (std::size_t at = 0; at < content.size() && code == 0;) {
        const ssize_t count = ::write(fd, content.data() + at, content.size() - at);
        if (count < 0 && errno != EINTR) {
            code = errno;
        }
        at += count > 0 ? static_cast<std::size_t>(count) : 0U;
    }
    if (::close(fd) != 0 && code == 0) {
        code = errno;
    }
    return code == 0 ? Result<void>() : storageFailure("cannot write", path, code);
}

Result<void> writeAll(const evidence::Files& files, const fs::path& folder) {
    std::set<fs::path> folders{folder};
    for (const auto& [path, content] : files) {
        const fs::path target = folder / path;
        for (fs::path parent = target.parent_path(); folders.insert(parent).second; parent = parent.parent_path()) {
        }
        std::error_code code;
        fs::create_directories(target.parent_path(), code);
        if (code) {
            return storageFailure("cannot create", target.parent_path(), code.value());
        }
        if (auto written = writeFile(target, content); !written) {
            return written;
        }
    }
    // Synced only after all is written: the first sync carries most of the others, which makes it many times faster.
    for (const auto& [path, content] : files) {
        if (auto synced = syncPath(folder / path); !synced) {
            return synced;
        }
    }
    for (const fs::path& made : folders) {
        if (auto synced = syncPath(made); !synced) {
            return synced;
        }
    }
    return {};
}

} // namespace

Result<fs::path> writeFolder(const signing::SignedBundle& bundle, const fs::path& given) {
    if (const std::string problem = signing::filesProblem(bundle.files); !problem.empty()) {
        return failure(ErrorKind::Invalid, "the pack cannot be written: " + problem);
    }
    std::error_code code;
    const fs::path target = (given.has_filename() ? given : given.parent_path()).lexically_normal();
    const bool present = fs::exists(fs::symlink_status(target, code));
    if (present && (!fs::is_directory(fs::symlink_status(target, code)) || !fs::is_empty(target, code))) {
        return failure(ErrorKind::AlreadyExists, target.string() + " exists already and is not an empty folder",
                       "choose another name; packs are never overwritten");
    }
    const fs::path parent = target.has_parent_path() ? target.parent_path() : fs::path(".");
    if (auto made = files::makeFolder(parent); !made) {
        return failure(because("the pack was not written", made.error()));
    }
    const fs::path building =
        parent / ("." + target.filename().string() + ".building-" + crypto::randomUuid().substr(0, 8));
    Result<void> done = files::makeFolder(building);
    if (done) {
        done = writeAll(bundle.files, building);
    }
    // rename() replaces an empty folder and fails for any other, so nothing that appeared meanwhile is lost.
    if (done && ::rename(building.c_str(), target.c_str()) != 0) {
        done = storageFailure("cannot move the pack to", target, errno);
    }
    if (!done) {
        fs::remove_all(building, code);
        return failure(because("the pack was not written", done.error()));
    }
    if (auto synced = syncPath(parent); !synced) {
        return failure(because("the pack was written, but may not survive a power cut", synced.error()));
    }
    return target;
}

} // namespace gatehouse::exporters
