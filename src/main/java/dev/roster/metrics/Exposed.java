package dev.roster.metrics;

import java.util.List;

/**
 * A metric as Prometheus is shown it: in base units, a name for each thing, and labels for what Dropwizard's registry
 * has in the names.
 *
 * @param kind what it is, whatever holds it: a sum that only grows is a counter, also where a gauge tells it
 * @param name without the {@code _total} of a counter
 * @param source the names in Dropwizard's registry
 * @param unit what 1 of it is there, in the base unit
 */
record Exposed(Kind kind, String name, String help, MetricName source, double unit) {
    private static final double MILLISECOND = 0.001;

    private static final String POOL = "io.dropwizard.db.ManagedPooledDataSource.";

    /** All there are, but for the durations of requests, the health checks, the build and the JVM. */
    static final List<Exposed> ALL = List.of(
            counter(
                    "roster_authentications",
                    "Requests with a token: accepted, invalid (malformed, forged, expired), or revoked.",
                    "roster.authentications.{outcome}"),
            counter(
                    "roster_revocation_lookups",
                    "Where it was looked up whether a token is revoked; in the database while the feed is not fresh.",
                    "roster.revocation-lookups.{source}"),
            counter("roster_revocations_sent", "Ids that this node has revoked.", "roster.revocations.sent"),
            counter(
                    "roster_revocations_received",
                    "Revoked ids that this node has heard of.",
                    "roster.revocations.received"),
            new Exposed(
                    Kind.SUMMARY,
                    "roster_revocation_lag_seconds",
                    "From the database's writing of a revocation to this node's hearing of it.",
                    new MetricName("roster.revocations.lag"),
                    MILLISECOND),
            gauge("roster_revoked_ids", "Revoked ids in memory.", "roster.revoked-tokens"),
            new Exposed(
                    Kind.GAUGE,
                    "roster_feed_age_seconds",
                    "Since the moment up to which the revoked set is known to be complete; not there while there is no feed.",
                    new MetricName("roster.feed.age"),
                    MILLISECOND),
            gauge(
                    "roster_feed_fresh",
                    "Whether tokens are looked up in memory, 1, or in the database, 0.",
                    "roster.feed.fresh"),
            counter("roster_reads", "Where queries were answered that were not from memory.", "roster.reads.{source}"),
            counter(
                    "roster_user_cache_lookups",
                    "Users looked for in memory: hits, and misses, which were then read from the primary.",
                    "roster.user-cache.{outcome:hits|misses}"),
            counter("roster_user_cache_evictions", "Users displaced there by others.", "roster.user-cache.evictions"),
            gauge("roster_user_cache_size", "Users in memory.", "roster.user-cache.size"),
            gauge(
                    "roster_replica_up",
                    "Whether the replica is read from; not there where there is none.",
                    "roster.replica.up"),
            gauge(
                    "roster_replica_lag_seconds",
                    "How far the replica is behind; not there while it is not read from.",
                    "roster.replica.lag"),
            gauge("roster_hash_waiting", "Requests that wait for a thread that hashes.", "roster.hashing.waiting"),
            gauge("roster_hash_threads", "Threads that hash.", "roster.hashing.threads"),
            gauge("roster_hash_busy_threads", "Those of them that do.", "roster.hashing.busy"),
            gauge(
                    "roster_database_connections",
                    "Connections of a pool, active or idle.",
                    POOL + "{pool}.{state:active|idle}"),
            gauge("roster_database_connections_max", "The most connections of a pool.", "roster.pools.{pool}.max"),
            gauge("roster_database_waiting", "Requests that wait for a connection of a pool.", POOL + "{pool}.waiting"),
            counter("roster_job_failures", "Runs of a background job that failed.", "roster.{name}.failures"));

    enum Kind {
        COUNTER,
        GAUGE,
        SUMMARY
    }

    private static Exposed counter(String name, String help, String source) {
        return new Exposed(Kind.COUNTER, name, help, new MetricName(source), 1);
    }

    private static Exposed gauge(String name, String help, String source) {
        return new Exposed(Kind.GAUGE, name, help, new MetricName(source), 1);
    }
}
