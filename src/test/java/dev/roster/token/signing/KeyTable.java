package dev.roster.token.signing;

import dev.roster.key.SecretKey;
import dev.roster.support.TestTokens;
import dev.roster.support.database.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;

/** The table {@code signing_keys}, as a test reads and changes it. Rows of a test have keys that it knows. */
final class KeyTable {
    private final Jdbi jdbi;
    private final KeySeal seal = new KeySeal(new SecretKey(TestTokens.SECRET_KEY), new SecureRandom());

    KeyTable(TestDatabase database) {
        this.jdbi = database.jdbi();
    }

    /** The {@code kid} of a token; empty if it has none. */
    static String kid(String token) {
        String header = new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[0]), StandardCharsets.UTF_8);
        return header.contains("\"kid\":\"") ? header.replaceAll(".*\"kid\":\"([^\"]*)\".*", "$1") : "";
    }

    /** The kids, the newest first. */
    List<String> kids() {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT kid FROM signing_keys ORDER BY created_at DESC")
                .mapTo(String.class)
                .list());
    }

    String active() {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT kid FROM signing_keys WHERE verifies_until IS NULL")
                .mapTo(String.class)
                .one());
    }

    PublicJsonWebKey open(String kid) {
        byte[] sealed =
                jdbi.withHandle(handle -> handle.createQuery("SELECT private_sealed FROM signing_keys WHERE kid = :kid")
                        .bind("kid", kid)
                        .mapTo(byte[].class)
                        .one());
        return seal.open(kid, sealed).orElseThrow();
    }

    /**
     * Adds a key. The times are SQL.
     *
     * @param until when it ends; {@code NULL} replaces the active key, which then verifies for an hour more
     */
    String add(SigningAlgorithm algorithm, String publishedFrom, String signsFrom, String until) {
        PublicJsonWebKey pair = algorithm.generate(new SecureRandom());
        String kid = pair.calculateBase64urlEncodedThumbprint("SHA-256");
        jdbi.useTransaction(handle -> {
            if (until.equals("NULL")) {
                handle.execute("UPDATE signing_keys SET verifies_until = now() + interval '1 hour'"
                        + " WHERE verifies_until IS NULL");
            }
            handle.execute(
                    "INSERT INTO signing_keys VALUES (?, ?, ?::jsonb, ?, clock_timestamp(), " + publishedFrom + ", "
                            + signsFrom + ", " + until + ")",
                    kid,
                    algorithm.id(),
                    pair.toJson(OutputControlLevel.PUBLIC_ONLY),
                    seal.seal(kid, pair));
        });
        return kid;
    }

    void change(String sql, Object... arguments) {
        jdbi.useHandle(handle -> handle.execute(sql, arguments));
    }

    Instant time(String sql, Object... arguments) {
        return jdbi.withHandle(
                handle -> handle.select(sql, arguments).mapTo(Instant.class).one());
    }

    Instant now() {
        return time("SELECT clock_timestamp()");
    }
}
