/**
 * What Prometheus reads from the admin port. Rooms count where it happens; this room serves, and measures the JVM and
 * health checks.
 */
@NullMarked
package dev.roster.metrics;

import org.jspecify.annotations.NullMarked;
