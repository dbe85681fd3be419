package dev.roster.support;

import dev.roster.apikey.Scope;
import dev.roster.apikey.WrittenKey;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jdbi.v3.core.Jdbi;

/** API keys for tests. */
public final class TestKeys {
    private static final SecureRandom RANDOM = new SecureRandom();

    private TestKeys() {}

    /** Adds a key with these scopes to the database, and returns it as a client sends it. */
    public static String make(Jdbi jdbi, Scope... scopes) {
        WrittenKey key = WrittenKey.random(RANDOM);
        jdbi.useHandle(handle -> handle.createUpdate("""
                        INSERT INTO api_keys (id, name, secret_hash, scopes)
                        VALUES (:id, 'of a test', :hash, :scopes)
                        """)
                .bind("id", key.id())
                .bind("hash", key.hash())
                .bindArray(
                        "scopes",
                        String.class,
                        Arrays.stream(scopes).map(Scope::id).toList())
                .execute());
        return key.reveal();
    }

    /** Adds a key with all scopes. */
    public static String makeForAll(Jdbi jdbi) {
        return make(jdbi, Scope.values());
    }

    /** The part of a key that is no secret. */
    public static String id(String key) {
        return key.substring(3, 15);
    }
}
