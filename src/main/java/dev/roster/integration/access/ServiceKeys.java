package dev.roster.integration.access;

import dev.roster.apikey.ApiKey;
import dev.roster.apikey.ApiKeyModule;
import dev.roster.apikey.ApiKeys;
import dev.roster.apikey.KeyLimits;
import dev.roster.apikey.Scope;
import dev.roster.http.Credentials;
import dev.roster.http.RequestSource;
import dev.roster.http.trace.RequestNotes;
import dev.roster.refusal.RefusedException;
import dev.roster.refusal.TokenFault;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.core.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.List;

/**
 * Authenticates other services by their API key: {@code Bearer}, or {@code Basic} (RFC 7617), as OAuth clients send
 * their credentials (RFC 6749, section 2.3.1). The limit on a key's requests does not apply: it would cost each request
 * a statement. Thread-safe.
 */
public final class ServiceKeys {
    private static final String NO_KEY = "";

    private final ApiKeys keys;
    private final KeyLimits limits;

    public ServiceKeys(ApiKeyModule module) {
        this.keys = module.keys();
        this.limits = module.limits();
    }

    /**
     * Returns the key of a request.
     *
     * @throws RefusedException {@code NO_API_KEY}, {@code INSUFFICIENT_SCOPE}, or {@code TOO_MANY_REQUESTS} if the
     *     client's address has sent too many wrong keys
     * @throws BadRequestException if there is more than one {@code Authorization} header
     * @throws org.jdbi.v3.core.JdbiException if memory may be incomplete and the database does not answer
     */
    public ApiKey authenticate(HttpServletRequest request, Scope scope) {
        List<String> headers = Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION));
        String basic = Credentials.of(headers, "Basic");
        String text = basic == null ? Credentials.of(headers, "Bearer") : ofBasic(basic);
        if (text == null) {
            throw RefusedException.apiKey(TokenFault.MISSING);
        }
        ApiKey key = keys.authenticate(text, RequestSource.of(request), limits);
        request.setAttribute(RequestNotes.KEY_ID, key.id());
        key.require(scope);
        return key;
    }

    /**
     * The key in the credentials of {@code Basic}. The user is the key's id, and the password its secret or the whole
     * key. With the whole key, the user may be empty.
     */
    private static String ofBasic(String credentials) {
        String text = decode(credentials);
        int colon = text.indexOf(':');
        if (colon < 0) {
            return NO_KEY;
        }
        String start = colon == 0 ? "" : "rk_" + text.substring(0, colon) + "_";
        String password = text.substring(colon + 1);
        return password.startsWith(start) ? password : start + password;
    }

    private static String decode(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return NO_KEY;
        }
    }
}
