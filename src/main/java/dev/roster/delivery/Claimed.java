package dev.roster.delivery;

import java.util.UUID;

/**
 * A row that this node delivers, and no other node until its lease ends.
 *
 * @param kind what the row is, such as {@code password_reset}
 * @param attempts how often a node has claimed it, this time included. It also tells this claim from every later one
 */
public record Claimed(UUID id, String kind, int attempts) {}
