#pragma once

#include "core/inventory/EndpointSource.h"

namespace gatehouse::inventory {

/// Adds what a dump holds to the snapshot: `kubectl get … -o yaml|json`, a multi-document YAML stream, or a JSON List.
/// `name` stands in messages. Fails if the text is neither; an entry that is no object is put under notInspected. The
/// same object in two dumps is kept once; of two states of it the later dump's is dropped and that is noted. Values of
/// Secrets are not kept.
[[nodiscard]] Result<void> readDump(std::string_view text, const std::string& name, Snapshot& snapshot);

/// Reads the files. The limit is 64 MiB each.
[[nodiscard]] Result<Snapshot> readDumps(const std::vector<std::string>& files);

} // namespace gatehouse::inventory
