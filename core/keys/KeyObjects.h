#pragma once

#include "core/keys/KeyManager.h"

/// Inside of KeyManager: the two objects of a model and how they are read.
namespace gatehouse::keys {

/// The two objects of one model as they were read.
struct KeyManager::Pair {
    std::string nameSpace;
    std::string modelName;
    Object secret;
    Object configMap;

    /// A key that was minted completely: its digest and its metadata are there.
    [[nodiscard]] bool isListed(const std::string& clientId) const;
};

/// The entries of a Secret or ConfigMap; empty when it has none.
[[nodiscard]] const json::Object& dataOf(const Object& object);
/// "model default/chat", for messages.
[[nodiscard]] std::string modelText(const std::string& nameSpace, const std::string& modelName);

} // namespace gatehouse::keys
