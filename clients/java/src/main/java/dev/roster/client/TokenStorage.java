package dev.roster.client;

import java.util.Optional;

/** Where the tokens are kept. Implementations are thread-safe. */
public interface TokenStorage {
    Optional<Tokens> load();

    /** Replaces the tokens, or removes them. */
    void save(Optional<Tokens> tokens);

    /** Keeps the tokens in memory: they are gone when the process ends. */
    static TokenStorage inMemory() {
        return new TokenStorage() {
            private volatile Optional<Tokens> kept = Optional.empty();

            @Override
            public Optional<Tokens> load() {
                return kept;
            }

            @Override
            public void save(Optional<Tokens> tokens) {
                kept = tokens;
            }
        };
    }
}
