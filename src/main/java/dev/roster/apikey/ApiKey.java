package dev.roster.apikey;

import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import java.security.Principal;
import java.util.Set;

/**
 * The key of an authenticated request.
 *
 * @param id the part of the key that is not secret
 */
public record ApiKey(String id, Set<Scope> scopes) implements Principal {
    public boolean allows(Scope scope) {
        return scopes.contains(scope);
    }

    /** @throws RefusedException {@code INSUFFICIENT_SCOPE} if the key lacks the scope */
    public void require(Scope scope) {
        if (!allows(scope)) {
            throw new RefusedException(
                    Refusal.INSUFFICIENT_SCOPE, "The key needs the scope " + scope.id() + " for this request.");
        }
    }

    @Override
    public String getName() {
        return id;
    }
}
