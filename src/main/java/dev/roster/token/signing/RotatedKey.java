package dev.roster.token.signing;

import java.time.Instant;

/**
 * The result of a rotation.
 *
 * @param signsFrom from when on nodes sign with the key
 * @param isNew whether this rotation made the key; false if it waits already, or another rotation has just made it
 */
public record RotatedKey(
        String kid, String algorithm, Instant createdAt, Instant publishedFrom, Instant signsFrom, boolean isNew) {}
