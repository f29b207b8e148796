#pragma once

#include "core/result/Error.h"

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::api {

/// Collects what is wrong with one object. Internal to core/api.
class Problems {
public:
    /// `what` follows the field's name in the sentence: add("spec.model.image", "is empty", "name the image").
    void add(const std::string& field, const std::string& what, std::string hint = {}) {
        Error error = makeError(ErrorKind::Invalid, field + " " + what, std::move(hint));
        error.field = field;
        m_errors.push_back(std::move(error));
    }

    [[nodiscard]] bool none() const { return m_errors.empty(); }

    [[nodiscard]] std::vector<Error> take() { return std::move(m_errors); }

private:
    std::vector<Error> m_errors;
};

/// A user's text inside a message: in quotes, without control characters, at most 80 bytes.
[[nodiscard]] std::string inQuotes(std::string_view text);

} // namespace gatehouse::api
