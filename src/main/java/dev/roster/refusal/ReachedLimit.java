package dev.roster.refusal;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A limit that somebody has reached, as clients are told of it.
 *
 * @param name what it limits
 * @param quota how much is let through at once
 * @param windowSeconds in which as much becomes free again; null where that grows with each try
 * @param retryAfterSeconds until something is free, 1 or more
 */
public record ReachedLimit(
        String name, long quota, @Nullable Long windowSeconds, long retryAfterSeconds) implements Serializable {}
