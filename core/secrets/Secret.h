#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

/// Bytes nobody may see: an API key, a token, a private key.
///
/// Move-only, wiped when it dies. There is no stream operator, no comparison but equals() (constant time) and no
/// conversion; the bytes are seen through reveal(), which is called only where they leave the process or are hashed.
class Secret {
public:
    Secret() = default;
    /// Takes over `bytes` and wipes the source string.
    explicit Secret(std::string&& bytes);
    static Secret copyOf(std::string_view bytes);

    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret();

    [[nodiscard]] std::string_view reveal() const { return {m_bytes.data(), m_bytes.size()}; }

    [[nodiscard]] bool empty() const { return m_bytes.empty(); }

    [[nodiscard]] std::size_t size() const { return m_bytes.size(); }

    [[nodiscard]] Secret clone() const { return copyOf(reveal()); }

    /// Constant time in the content; lengths are not secret.
    [[nodiscard]] bool equals(std::string_view other) const;

private:
    void wipe() noexcept;
    std::vector<char> m_bytes;
};

/// Overwrites the string's bytes, then empties it.
void wipe(std::string& text) noexcept;

} // namespace gatehouse
