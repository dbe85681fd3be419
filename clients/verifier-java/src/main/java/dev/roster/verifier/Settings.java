package dev.roster.verifier;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where Roster is, and which tokens are accepted.
 *
 * @param roster the address of Roster, for example {@code https://roster.example.com}
 * @param issuer Roster's {@code JWT_ISSUER}
 * @param audience Roster's {@code JWT_AUDIENCE}
 * @param key an API key of Roster with the scope {@code revocations}, and {@code introspect} for {@link
 *     StalePolicy#INTROSPECT}
 * @param policy what happens while the stream of revocations is stale
 * @param http sends the requests; it must not follow redirects
 */
public record Settings(URI roster, String issuer, String audience, String key, StalePolicy policy, HttpClient http) {
    private static final Duration CONNECT_TIME = Duration.ofSeconds(1);
    private static final Pattern KEY = Pattern.compile("[!-~]+");

    public Settings {
        if (!Set.of("http", "https").contains(String.valueOf(roster.getScheme())) || roster.getHost() == null) {
            throw new IllegalArgumentException("The address of Roster must begin with https:// or http://: " + roster);
        }
        if (issuer.isEmpty() || audience.isEmpty()) {
            throw new IllegalArgumentException("The issuer and the audience must not be empty");
        }
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("The API key is empty, or has a character that no key has");
        }
        if (http.followRedirects() != Redirect.NEVER) {
            throw new IllegalArgumentException("The HttpClient must not follow redirects");
        }
    }

    /** Settings with the policy {@link StalePolicy#REFUSE} and an {@link HttpClient} of their own. */
    public static Settings of(String roster, String issuer, String audience, String key) {
        HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_TIME).build();
        return new Settings(URI.create(roster), issuer, audience, key, StalePolicy.REFUSE, http);
    }

    /** The same with another policy. */
    public Settings withPolicy(StalePolicy other) {
        return new Settings(roster, issuer, audience, key, other, http);
    }

    /** The same with another client, for example one that trusts a private certificate authority. */
    public Settings withHttp(HttpClient other) {
        return new Settings(roster, issuer, audience, key, policy, other);
    }

    /** Without the API key. */
    @Override
    public String toString() {
        return "Settings[" + roster + ", issuer " + issuer + ", audience " + audience + ", " + policy + "]";
    }
}
