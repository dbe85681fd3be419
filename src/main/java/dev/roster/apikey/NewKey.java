package dev.roster.apikey;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command to make a key: the body of {@code POST /admin/v1/keys}.
 *
 * @param expiresAt when it ends by itself; null if never
 */
public record NewKey(
        KeyName name, List<Scope> scopes, @Nullable Instant expiresAt) {}
