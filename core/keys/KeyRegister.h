#pragma once

// Old place of KeyManager; include core/keys/KeyManager.h or core/keys/KeyTable.h.
#include "core/keys/KeyManager.h"
