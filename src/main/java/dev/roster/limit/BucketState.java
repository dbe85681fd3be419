package dev.roster.limit;

/**
 * One that was taken from a bucket.
 *
 * @param first whether the bucket was full before
 * @param last whether it is empty now: the next is refused
 */
public record BucketState(boolean first, boolean last) {}
