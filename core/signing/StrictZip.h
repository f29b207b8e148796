#pragma once

#include "core/evidence/EvidenceBundle.h"

#include <string_view>

namespace gatehouse::signing {

/// The files of a .zip whose every byte belongs to an entry: local headers and data one after the other from byte 0,
/// the central directory, the end record, nothing before, between or after. Refused (Integrity): comments, extra
/// fields, data descriptors, encryption, Zip64, more than one disk, folders, links, names doubled or out of order of
/// their data, methods other than stored and deflated, central and local headers that differ, bytes left over in a
/// deflate stream, sizes beyond PackRules.h (checked before anything is unpacked), wrong CRCs.
[[nodiscard]] Result<evidence::Files> readStrictZip(std::string_view bytes);

} // namespace gatehouse::signing
