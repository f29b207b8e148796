#include "core/exporters/Exporters.h"
#include "core/files/Files.h"
#include "core/signing/PackRules.h"

#include <memory>
#include <zip.h>

namespace gatehouse::exporters {
namespace {

/// 1980-01-01 00:00: the first moment a zip entry can have.
constexpr zip_uint16_t FirstDosDate = 0x0021;
constexpr zip_uint32_t FileMode = 0100644U << 16U;

tl::unexpected<Error> zipFailure(const std::string& what, const char* why) {
    return failure(ErrorKind::Internal, "cannot make the zip file: " + what + ": " + why);
}

Result<void> addEntry(zip_t& archive, const std::string& path, const std::string& content) {
    zip_source_t* data = zip_source_buffer(&archive, content.data(), content.size(), 0);
    if (data == nullptr) {
        return zipFailure(path, zip_strerror(&archive));
    }
    const zip_int64_t index = zip_file_add(&archive, path.c_str(), data, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        zip_source_free(data);
        return zipFailure(path, zip_strerror(&archive));
    }
    const auto at = static_cast<zip_uint64_t>(index);
    if (zip_set_file_compression(&archive, at, ZIP_CM_DEFLATE, 6) != 0 ||
        zip_file_set_dostime(&archive, at, 0, FirstDosDate, 0) != 0 ||
        zip_file_set_external_attributes(&archive, at, 0, ZIP_OPSYS_UNIX, FileMode) != 0) {
        return zipFailure(path, zip_strerror(&archive));
    }
    return {};
}

/// Everything the closed archive wrote into the memory source.
Result<std::string> contentOf(zip_source_t& source) {
    zip_stat_t info{};
    if (zip_source_stat(&source, &info) != 0 || (info.valid & ZIP_STAT_SIZE) == 0 || zip_source_open(&source) != 0) {
        return zipFailure("reading it back", zip_error_strerror(zip_source_error(&source)));
    }
    std::string bytes(info.size, '\0');
    const zip_int64_t count = zip_source_read(&source, bytes.data(), bytes.size());
    zip_source_close(&source);
    if (count < 0 || static_cast<zip_uint64_t>(count) != info.size) {
        return zipFailure("reading it back", "it is shorter than it should be");
    }
    return bytes;
}

} // namespace

Result<std::string> zipBytes(const signing::SignedBundle& bundle) {
    if (bundle.files.size() > signing::MaxZipFiles) {
        return failure(ErrorKind::TooLarge,
                       "the pack has " + std::to_string(bundle.files.size()) + " files, a zip file holds at most " +
                           std::to_string(signing::MaxZipFiles),
                       "write it as a folder");
    }
    zip_error_t error;
    zip_error_init(&error);
    const std::unique_ptr<zip_source_t, decltype(&zip_source_free)> source(
        zip_source_buffer_create(nullptr, 0, 0, &error), zip_source_free);
    if (!source) {
        return zipFailure("no memory", zip_error_strerror(&error));
    }
    zip_source_keep(source.get()); // the archive takes one reference, we read from the other
    std::unique_ptr<zip_t, decltype(&zip_discard)> archive(zip_open_from_source(source.get(), ZIP_TRUNCATE, &error),
                                                           zip_discard);
    if (!archive) {
        zip_source_free(source.get());
        return zipFailure("opening it", zip_error_strerror(&error));
    }
    for (const auto& [path, content] : bundle.files) {
        if (auto added = addEntry(*archive, path, content); !added) {
            return failure(std::move(added.error()));
        }
    }
    if (zip_close(archive.get()) != 0) {
        return zipFailure("closing it", zip_strerror(archive.get()));
    }
    (void)archive.release();
    return contentOf(*source);
}

Result<std::filesystem::path> writeZip(const signing::SignedBundle& bundle, const std::filesystem::path& target) {
    const Result<std::string> bytes = zipBytes(bundle);
    if (!bytes) {
        return failure(bytes.error());
    }
    std::error_code ignored;
    if (std::filesystem::exists(std::filesystem::symlink_status(target, ignored))) {
        return failure(ErrorKind::AlreadyExists, target.string() + " exists already",
                       "choose another name; packs are never overwritten");
    }
    if (auto written = files::writeAtomically(target, *bytes); !written) {
        return failure(because("the pack was not written", written.error()));
    }
    return target;
}

} // namespace gatehouse::exporters
