package dev.roster.delivery;

import java.util.UUID;

/**
 * A row that only this node delivers until its lease ends.
 *
 * @param kind what the row is, such as {@code password_reset}
 * @param attempts how often a node has claimed it, this time included. It differs for each claim of the row
 */
public record Claimed(UUID id, String kind, int attempts) {}
