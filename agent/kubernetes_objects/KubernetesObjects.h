#pragma once

#include "agent/serving_plan/ServingPlan.h"
#include "agent/settings/Settings.h"
#include "core/object_store/Object.h"

#include <span>
#include <vector>

namespace gatehouse::kubernetes_objects {

struct Options {
    /// What the cluster already holds: the data of key Secrets and key metadata is carried over, and Gateways are given
    /// our listeners (with `shared`). Everything else is ignored.
    std::span<const Object> existing;
    /// Also what all models share: certificate, reference grants, listeners, and the policies that close our listeners
    /// by default (gateway-measured.md §3). They come first.
    bool shared = false;
};

/// The plan, for Kubernetes with Envoy AI Gateway (serving.md §2). Pure. Ordered by namespace, then what must exist
/// first (Secrets before policies, policies before routes), then name. Never Namespaces, and Gateways only if given;
/// random values (the placeholder key) are left out.
[[nodiscard]] std::vector<Object> kubernetesObjects(const serving_plan::ServingPlan& plan,
                                                    const settings::Settings& settings, const Options& options = {});

} // namespace gatehouse::kubernetes_objects
