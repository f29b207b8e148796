#pragma once

#include "core/result/Result.h"

#include <QSqlQuery>
#include <QVariant>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace gatehouse::local_store {

/// One SQLite connection with its prepared statements. Lives and dies on one thread (a rule of Qt SQL).
/// Statements are string literals: they are remembered by address.
class SqlConnection {
public:
    enum class Mode { Writer, Reader };

    [[nodiscard]] static Result<std::unique_ptr<SqlConnection>> open(const std::filesystem::path& file, Mode mode);
    ~SqlConnection();
    SqlConnection(const SqlConnection&) = delete;
    SqlConnection& operator=(const SqlConnection&) = delete;

    /// Runs a statement and answers how many rows it changed.
    [[nodiscard]] Result<int> run(const char* statement, const QVariantList& values = {});
    /// Calls `row` for each row until it answers false.
    [[nodiscard]] Result<void> each(const char* statement, const QVariantList& values,
                                    const std::function<bool(const QSqlQuery&)>& row);
    /// The first column of the first row; no value when there is no row or it is NULL.
    [[nodiscard]] Result<std::optional<std::int64_t>> number(const char* statement, const QVariantList& values = {});

private:
    SqlConnection(std::filesystem::path file, QString name);
    [[nodiscard]] Result<QSqlQuery*> prepared(const char* statement);
    [[nodiscard]] Error errorOf(const QSqlError& error) const;

    std::filesystem::path m_file;
    QString m_name;
    std::unordered_map<const char*, std::unique_ptr<QSqlQuery>> m_statements;
};

} // namespace gatehouse::local_store
