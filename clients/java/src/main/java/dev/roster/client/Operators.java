package dev.roster.client;

import dev.roster.client.invoker.ApiClient;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Access to the operators' API with a key. Pass its {@link #apiClient()} to the generated APIs in
 * {@code dev.roster.client.operators.api}. Thread-safe.
 */
public final class Operators {
    private final ApiClient client;

    private Operators(Builder builder) {
        HttpClient sender = builder.http != null ? builder.http : Roster.newSender();
        client = Roster.client(
                builder.basePath,
                new KeyHttpClient(new PatientHttpClient(sender, builder.patience), builder.key, builder.actor));
    }

    /**
     * @param basePath the address of the API, for example {@code http://localhost:8081/admin/v1}
     * @param key an API key: {@code rk_…}
     */
    public static Builder at(String basePath, String key) {
        return new Builder(basePath, key);
    }

    /** For the generated APIs: {@code new UsersApi(operators.apiClient())}. Do not change it. */
    public ApiClient apiClient() {
        return client;
    }

    /** A reason for a header: the text itself if it is plain ASCII, otherwise the form of RFC 8187. */
    public static String reason(String text) {
        boolean isPlain = text.chars().allMatch(c -> c >= ' ' && c <= '~') && !text.contains("''");
        return isPlain
                ? text
                : "UTF-8''"
                        + URLEncoder.encode(text, StandardCharsets.UTF_8)
                                .replace("+", "%20")
                                .replace("*", "%2A");
    }

    /** The options of {@link Operators}. */
    public static final class Builder {
        private final String basePath;
        private final String key;
        private @Nullable HttpClient http;
        private @Nullable String actor;
        private Patience patience = Patience.DEFAULT;

        private Builder(String basePath, String key) {
            this.basePath = basePath;
            this.key = key;
        }

        /** The client that sends the requests, for example one with a proxy. */
        public Builder http(HttpClient client) {
            this.http = client;
            return this;
        }

        /** Who acts with the key. The audit trail keeps it with each change. */
        public Builder actor(String name) {
            this.actor = reason(name);
            return this;
        }

        /** How long a read goes on while the service is busy: 3 repeats and 10 seconds by default. */
        public Builder patience(Patience limits) {
            this.patience = limits;
            return this;
        }

        public Operators build() {
            return new Operators(this);
        }
    }
}
