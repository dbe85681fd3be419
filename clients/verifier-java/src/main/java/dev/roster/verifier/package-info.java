/**
 * Checks Roster's access tokens in another service: {@link dev.roster.verifier.Verifier} knows the public keys and the
 * revocations, and asks Roster about no token while its stream of revocations is fresh.
 */
@NullMarked
package dev.roster.verifier;

import org.jspecify.annotations.NullMarked;
