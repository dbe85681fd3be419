package dev.roster.refusal;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A limit that the caller has reached, as reported to the client.
 *
 * @param name the name of the limit
 * @param quota the number of requests that are allowed at once
 * @param windowSeconds the time in which the whole quota is restored; null if the delay grows with each attempt
 * @param retryAfterSeconds the time until the next request is allowed, at least 1
 */
public record ReachedLimit(
        String name, long quota, @Nullable Long windowSeconds, long retryAfterSeconds) implements Serializable {}
