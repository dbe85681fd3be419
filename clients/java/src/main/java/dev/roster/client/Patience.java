package dev.roster.client;

import java.time.Duration;

/**
 * How long a call goes on while the service answers 503 with {@code Retry-After}.
 *
 * @param repeats how many times a request is repeated
 * @param total the longest time that all repeats of a request wait, together
 */
public record Patience(int repeats, Duration total) {
    static final Patience DEFAULT = new Patience(3, Duration.ofSeconds(10));

    Patience after(Duration waited) {
        return new Patience(repeats - 1, total.minus(waited));
    }
}
