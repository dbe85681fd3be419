package dev.roster.delivery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The rows that are still to be delivered.
 *
 * @param due how many there are, including those that wait for their next attempt
 * @param age how long ago the oldest of them was written; zero if there are none
 * @param failure the class of the last failure of the oldest row that has failed; null if none has
 */
public record Backlog(long due, Duration age, @Nullable String failure) {}
