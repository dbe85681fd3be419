/**
 * What Prometheus is shown, at {@code /prometheus} of the admin port. The rooms count in Dropwizard's registry, each
 * where it happens, under {@code roster.…}; {@link dev.roster.metrics.Exposed} lists them all with the names and the
 * help texts that Prometheus has of them. The metrics of {@code http} are made there, with the library of Prometheus.
 * Knows no other room.
 */
@NullMarked
package dev.roster.metrics;

import org.jspecify.annotations.NullMarked;
