package io.instructorspark.checkpoint;

import io.instructorspark.checkpoint.remote.Access;

/**
 * A location that was found.
 *
 * @param pinned names the same files on any machine, now and later
 * @param files what lies there, or this machine's copy of it
 * @param access what another process needs to reach it
 */
record Source(String pinned, CheckpointFiles files, Access access) {}
