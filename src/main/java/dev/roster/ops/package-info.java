/** What keeps the service running: its databases and their schema, health checks, the purge, start and its refusals. */
@NullMarked
package dev.roster.ops;

import org.jspecify.annotations.NullMarked;
