/**
 * Issues and reads access and refresh tokens, and authenticates requests. Depends neither on the write side nor on the
 * read side. Revocations are in {@code revocation}.
 */
@NullMarked
package dev.roster.token;

import org.jspecify.annotations.NullMarked;
