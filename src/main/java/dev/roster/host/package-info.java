/**
 * The host, where rooms register HTTP resources, health checks, jobs, purges, personal data and metrics; and the
 * shutdown of a node.
 */
@NullMarked
package dev.roster.host;

import org.jspecify.annotations.NullMarked;
