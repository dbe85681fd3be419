package dev.roster.apikey;

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

    @Override
    public String getName() {
        return id;
    }
}
