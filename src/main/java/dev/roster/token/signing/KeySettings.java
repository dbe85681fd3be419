package dev.roster.token.signing;

import dev.roster.key.SecretKey;
import java.time.Duration;

/**
 * The settings of signing keys.
 *
 * @param secret the key of HS256, and the one from which the key that seals private keys is derived
 * @param algorithm the algorithm that signs after the start of this node
 * @param rotation the age at which a key is replaced
 * @param lead how long a key is published before it signs
 * @param tokenSpan the longest time from the signing of a token until no clock accepts it
 */
public record KeySettings(
        SecretKey secret, SigningAlgorithm algorithm, Duration rotation, Duration lead, Duration tokenSpan) {}
