package dev.roster.mail.token;

import java.util.UUID;

/**
 * The user who may use a token.
 *
 * @param address to which the token was sent: the user's present address
 */
public record TokenOwner(UUID tokenId, UUID userId, String name, String address) {}
