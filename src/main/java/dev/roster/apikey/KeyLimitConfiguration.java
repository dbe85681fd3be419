package dev.roster.apikey;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;

/**
 * The {@code apiKeys} section of the configuration. 0 switches a limit off.
 *
 * @param requests how many requests a key may make per minute
 * @param deletions how many of them may be DELETE requests
 */
public record KeyLimitConfiguration(
        @NotNull @Min(0) @Max(1_000_000) Integer requests,
        @NotNull @Min(0) @Max(1_000_000) Integer deletions) {}
