#pragma once

namespace gatehouse::process {

/// First thing in every main(): no core dumps, not traceable by other processes of the user, umask 077, SIGPIPE
/// ignored.
void harden();

} // namespace gatehouse::process
