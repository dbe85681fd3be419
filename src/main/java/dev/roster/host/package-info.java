/**
 * What every room plugs into: HTTP resources, health checks, background jobs, purges and metrics; and how a node stops.
 */
@NullMarked
package dev.roster.host;

import org.jspecify.annotations.NullMarked;
