package dev.roster.limit;

/**
 * A bucket from which a token was just taken.
 *
 * @param wasFull whether it was full before
 * @param isEmpty whether it is empty now, so that the next request is refused
 */
public record BucketState(boolean wasFull, boolean isEmpty) {}
