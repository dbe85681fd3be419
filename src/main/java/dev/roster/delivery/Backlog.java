package dev.roster.delivery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The rows that are still to be delivered.
 *
 * @param due how many, those that wait for their next attempt included
 * @param age how long the oldest of them has existed; zero if there are none
 * @param failure the class of the last failure of the oldest that failed before; null if none did
 */
public record Backlog(long due, Duration age, @Nullable String failure) {}
