package dev.roster.mail.token;

import java.util.UUID;

/**
 * The user who may use a token.
 *
 * @param address the address to which the token was sent, which is still the user's
 */
public record TokenOwner(UUID tokenId, UUID userId, String name, String address) {}
