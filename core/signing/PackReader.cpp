#include "core/signing/PackReader.h"

#include "core/evidence/Escape.h"
#include "core/files/Descriptor.h"
#include "core/files/Files.h"
#include "core/signing/PackRules.h"
#include "core/signing/StrictZip.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::signing {
namespace {

tl::unexpected<Error> wrong(const std::string& path, const std::string& why) {
    return failure(ErrorKind::Integrity, evidence::visible(path) + ": " + why);
}

tl::unexpected<Error> unreadable(const std::string& path, int code) {
    return failure(code == ENOENT ? ErrorKind::NotFound : ErrorKind::Storage,
                   "cannot read " + evidence::visible(path) + ": " + std::strerror(code));
}

class FolderReader {
public:
    [[nodiscard]] Result<void> readFolder(int folder, const std::string& prefix) {
        const Result<std::vector<std::string>> names = namesIn(folder, prefix);
        if (!names) {
            return failure(names.error());
        }
        if (names->empty()) {
            return wrong(prefix.empty() ? "the pack" : prefix, "is an empty folder");
        }
        for (const std::string& name : *names) {
            const std::string path = prefix + name;
            if (auto done = readEntry(folder, name, path); !done) {
                return done;
            }
        }
        return {};
    }

    [[nodiscard]] evidence::Files take() { return std::move(m_files); }

private:
    Result<std::vector<std::string>> namesIn(int folder, const std::string& prefix) {
        const int copy = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR* stream = copy < 0 ? nullptr : ::fdopendir(copy);
        if (stream == nullptr) {
            return unreadable(prefix, errno);
        }
        std::vector<std::string> names;
        errno = 0;
        while (const dirent* entry = ::readdir(stream)) {
            const std::string_view name = entry->d_name;
            if (name != "." && name != "..") {
                names.emplace_back(name);
            }
            if (++m_entries > 2 * MaxPackFiles) {
                break;
            }
        }
        const int code = errno;
        ::closedir(stream);
        if (m_entries > 2 * MaxPackFiles) {
            return wrong("the pack", "has too many files");
        }
        if (code != 0) {
            return unreadable(prefix, code);
        }
        std::sort(names.begin(), names.end());
        return names;
    }

    Result<void> readEntry(int folder, const std::string& name, const std::string& path) {
        if (const std::string problem = pathProblem(path); !problem.empty()) {
            return wrong(path, problem);
        }

        struct stat info {};

        if (::fstatat(folder, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
            return unreadable(path, errno);
        }
        if (S_ISLNK(info.st_mode)) {
            return wrong(path, "is a symbolic link");
        }
        if (S_ISDIR(info.st_mode)) {
            const files::Descriptor inner(
                ::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
            return inner.get() < 0 ? Result<void>(unreadable(path, errno)) : readFolder(inner.get(), path + "/");
        }
        if (!S_ISREG(info.st_mode)) {
            return wrong(path, "is neither a file nor a folder");
        }
        return readFile(folder, name, path);
    }

    Result<void> readFile(int folder, const std::string& name, const std::string& path) {
        const files::Descriptor file(::openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));

        struct stat info {};

        if (file.get() < 0 || ::fstat(file.get(), &info) != 0) {
            return unreadable(path, errno);
        }
        if (!S_ISREG(info.st_mode) || info.st_nlink > 1) {
            return wrong(path, S_ISREG(info.st_mode) ? "has a second name (a hard link)" : "is no regular file");
        }
        std::string content;
        std::string chunk(65536, '\0');
        for (;;) {
            const ssize_t count = ::read(file.get(), chunk.data(), chunk.size());
            if (count < 0 && errno == EINTR) {
                continue;
            }
            if (count < 0) {
                return unreadable(path, errno);
            }
            if (count == 0) {
                break;
            }
            content.append(chunk, 0, static_cast<std::size_t>(count));
            m_total += static_cast<std::size_t>(count);
            if (content.size() > MaxFileBytes || m_total > MaxPackBytes) {
                return wrong(path, "the file or the pack up to it is too large");
            }
        }
        m_files.emplace(path, std::move(content));
        return {};
    }

    evidence::Files m_files;
    std::size_t m_entries = 0;
    std::size_t m_total = 0;
};

Result<evidence::Files> readZip(const std::filesystem::path& pack) {
    Result<std::string> bytes = files::read(pack, MaxPackBytes + (64U << 20));
    if (!bytes) {
        return failure(std::move(bytes.error()));
    }
    if (!bytes->starts_with("PK\x03\x04")) {
        return failure(ErrorKind::Integrity,
                       pack.filename().string() +
                           " is neither a folder nor a zip file that begins with its first entry");
    }
    return readStrictZip(*bytes);
}

} // namespace

Result<evidence::Files> readPackFiles(const std::filesystem::path& pack) {
    struct stat info {};

    if (::stat(pack.c_str(), &info) != 0) {
        return unreadable(pack.string(), errno);
    }
    Result<evidence::Files> files;
    if (S_ISREG(info.st_mode)) {
        files = readZip(pack);
    } else if (S_ISDIR(info.st_mode)) {
        const files::Descriptor folder(::open(pack.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (folder.get() < 0) {
            return unreadable(pack.string(), errno);
        }
        FolderReader reader;
        if (auto done = reader.readFolder(folder.get(), ""); !done) {
            return failure(std::move(done.error()));
        }
        files = reader.take();
    } else {
        return failure(ErrorKind::BadRequest, pack.string() + " is neither a folder nor a file",
                       "give the folder or the .zip of a pack");
    }
    if (files) {
        if (const std::string problem = filesProblem(*files); !problem.empty()) {
            return failure(ErrorKind::Integrity, problem);
        }
    }
    return files;
}

} // namespace gatehouse::signing
