#include "core/files/Files.h"

#include "core/files/Descriptor.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace gatehouse::files {
namespace {

tl::unexpected<Error> systemFailure(const std::string& what, const fs::path& path, int code) {
    Error error = makeError(code == ENOENT ? ErrorKind::NotFound : ErrorKind::Storage,
                            what + " " + path.string() + ": " + std::strerror(code));
    if (code == ENOSPC || code == EDQUOT) {
        error.hint = "free some disk space there and try again";
    } else if (code == EACCES || code == EPERM || code == EROFS) {
        error.hint = "check the owner and the mode of the file and its folder";
    }
    return failure(std::move(error));
}

/// Reads to the end, failing past `limit`; the buffer is handed back in `out`.
Result<void> readAll(const Descriptor& file, const fs::path& path, std::size_t limit, std::string& out) {
    char chunk[65536];
    for (;;) {
        const ssize_t count = ::read(file.get(), chunk, sizeof chunk);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return systemFailure("cannot read", path, errno);
        }
        if (count == 0) {
            return {};
        }
        out.append(chunk, static_cast<std::size_t>(count));
        if (out.size() > limit) {
            return failure(ErrorKind::TooLarge, path.string() + " is larger than " + std::to_string(limit) + " bytes");
        }
    }
}

Result<void> writeAll(const Descriptor& file, const fs::path& path, std::string_view content) {
    while (!content.empty()) {
        const ssize_t count = ::write(file.get(), content.data(), content.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return systemFailure("cannot write", path, errno);
        }
        content.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

} // namespace

Result<std::string> read(const fs::path& path, std::size_t limit) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.valid()) {
        return systemFailure("cannot open", path, errno);
    }
    std::string content;
    if (auto done = readAll(file, path, limit, content); !done) {
        return failure(std::move(done.error()));
    }
    return content;
}

Result<Secret> readSecret(const fs::path& path, std::size_t limit, bool anyMode) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.valid()) {
        return systemFailure("cannot open", path, errno);
    }

    struct stat info {};

    if (::fstat(file.get(), &info) != 0) {
        return systemFailure("cannot examine", path, errno);
    }
    if (!anyMode && (info.st_mode & 077) != 0) {
        return failure(ErrorKind::Storage, path.string() + " holds a secret but others may read it",
                       "run: chmod 600 " + path.string());
    }
    std::string content;
    if (auto done = readAll(file, path, limit, content); !done) {
        wipe(content);
        return failure(std::move(done.error()));
    }
    if (content.ends_with('\n')) {
        content.pop_back();
    }
    return Secret(std::move(content));
}

Result<void> writeAtomically(const fs::path& path, std::string_view content, unsigned mode) {
    std::string pattern = (path.parent_path() / ("." + path.filename().string() + ".XXXXXX")).string();
    {
        const Descriptor file(::mkostemp(pattern.data(), O_CLOEXEC));
        if (!file.valid()) {
            return systemFailure("cannot create a file beside", path, errno);
        }
        Result<void> done =
            ::fchmod(file.get(), mode) == 0 ? Result<void>() : systemFailure("cannot set the mode of", path, errno);
        if (done) {
            done = writeAll(file, path, content);
        }
        if (done && ::fsync(file.get()) != 0) {
            done = systemFailure("cannot sync", path, errno);
        }
        if (!done) {
            ::unlink(pattern.c_str());
            return done;
        }
    }
    if (::rename(pattern.c_str(), path.c_str()) != 0) {
        const int code = errno;
        ::unlink(pattern.c_str());
        return systemFailure("cannot replace", path, code);
    }
    const fs::path folderPath = path.parent_path().empty() ? fs::path(".") : path.parent_path();
    const Descriptor folder(::open(folderPath.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.valid()) {
        ::fsync(folder.get());
    }
    return {};
}

Result<void> writeSecret(const fs::path& path, const Secret& content) {
    return writeAtomically(path, content.reveal(), 0600);
}

Result<void> makeFolder(const fs::path& path, unsigned mode) {
    std::error_code code;
    if (path.has_parent_path()) {
        fs::create_directories(path.parent_path(), code);
        if (code) {
            return systemFailure("cannot create the folder", path.parent_path(), code.value());
        }
    }
    if (::mkdir(path.c_str(), mode) != 0 && errno != EEXIST) {
        return systemFailure("cannot create the folder", path, errno);
    }
    if (!fs::is_directory(path, code)) {
        return failure(ErrorKind::Storage, path.string() + " exists and is no folder", "choose another path");
    }
    return {};
}

Result<std::uintmax_t> freeSpace(const fs::path& path) {
    struct statvfs info {};

    if (::statvfs(path.c_str(), &info) != 0) {
        return systemFailure("cannot examine the disk of", path, errno);
    }
    return static_cast<std::uintmax_t>(info.f_bavail) * info.f_frsize;
}

} // namespace gatehouse::files
