#pragma once

#include "core/api/Models.h"
#include "core/api/Problems.h"

namespace gatehouse::api {

/// Rules both kinds of model share. Internal to core/api.
void checkAccess(const Access& access, Problems& problems);
void checkSubdomain(const Endpoints& endpoints, Problems& problems);
/// The annotations of ours, where they are set.
void checkAnnotations(const Identity& identity, Problems& problems);
/// A public model id: printable ASCII, no blanks around it, no leading '-'.
void checkModelId(const std::string& field, const std::string& id, Problems& problems);
/// An optional name of another object.
void checkReference(const std::string& field, const std::string& name, Problems& problems);

} // namespace gatehouse::api
