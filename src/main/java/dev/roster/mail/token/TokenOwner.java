package dev.roster.mail.token;

import java.util.UUID;

/**
 * The user who may use a token.
 *
 * @param address the address that the token is for: see {@link MailTokens#find}
 */
public record TokenOwner(UUID tokenId, UUID userId, String name, String address) {}
