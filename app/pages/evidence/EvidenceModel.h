#pragma once

#include "app/item_models/Row.h"
#include "core/object_store/Object.h"
#include "core/signing/Signing.h"

namespace gatehouse::pages {

struct PackWord {
    QString text;
    theme::Tone tone = theme::Tone::Neutral;
};

[[nodiscard]] QList<item_models::Column> packColumns();
/// One EvidencePack as a table row. Pure.
[[nodiscard]] item_models::Row packRow(const Object& pack);
/// Result, or the phase while it is being made.
[[nodiscard]] PackWord packState(const Object& pack);
[[nodiscard]] bool packIsBeingMade(const Object& pack);
/// What a verification says, in one sentence.
[[nodiscard]] PackWord verificationInWords(const signing::VerifyResult& result);
/// Reads the answer of `…/verification`.
[[nodiscard]] signing::VerifyResult verificationOf(const json::Value& answer);

} // namespace gatehouse::pages
