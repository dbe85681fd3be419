package dev.roster.client;

import dev.roster.client.api.AuthenticationApi;
import dev.roster.client.invoker.ApiClient;
import dev.roster.client.model.LogIn;
import dev.roster.client.model.LoggedIn;
import dev.roster.client.model.User;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A user's access to Roster. Create one for each user, and pass its {@link #apiClient()} to the generated APIs.
 * Thread-safe.
 */
public final class Roster {
    /**
     * The time for an answer to a refresh or a logout. If an answer is lost, the service gives it again within 10 s of
     * the first request. So the second try must begin earlier.
     */
    private static final Duration ANSWER_TIME = Duration.ofSeconds(5);

    /** The service ends every exchange within 9 s by default. */
    private static final Duration LONGEST_ANSWER_TIME = Duration.ofSeconds(30);

    private static final Duration CONNECT_TIME = Duration.ofSeconds(5);

    private final TokenStorage storage;
    private final AuthenticationApi promptly;
    private final AuthenticationApi anonymously;
    private final ApiClient client;

    private Roster(Builder builder) {
        HttpClient http = new PatientHttpClient(builder.http != null ? builder.http : newSender(), builder.patience);
        storage = builder.storage;
        anonymously = new AuthenticationApi(client(builder.basePath, http));
        promptly = new AuthenticationApi(client(builder.basePath, http).setReadTimeout(ANSWER_TIME));
        Renewal renewal = new Renewal(storage, promptly, builder.onLoggedOut);
        client = client(builder.basePath, new AuthorizedHttpClient(http, storage, renewal));
    }

    /** @param basePath the address of the API, for example {@code https://roster.example.com/api/v1} */
    public static Builder at(String basePath) {
        return new Builder(basePath);
    }

    /** For the generated APIs: {@code new UsersApi(roster.apiClient())}. Do not change it. */
    public ApiClient apiClient() {
        return client;
    }

    /** Opens a session and keeps its tokens. */
    public User logIn(String email, String password) {
        LoggedIn login = anonymously.logIn(new LogIn().email(email).password(password));
        storage.save(Optional.of(new Tokens(login.getAccessToken(), login.getRefreshToken())));
        return login.getUser();
    }

    /** Removes the tokens, then ends the session. If this throws, the tokens are gone, but the session may live. */
    public void logOut() {
        Optional<Tokens> tokens = storage.load();
        storage.save(Optional.empty());
        tokens.ifPresent(present -> promptly.logOut(headers(present)));
    }

    /** Whether there are tokens. The session may have ended meanwhile; the next call finds out. */
    public boolean isLoggedIn() {
        return storage.load().isPresent();
    }

    private static Map<String, String> headers(Tokens tokens) {
        return Map.of("Authorization", "Bearer " + tokens.accessToken());
    }

    /** Makes a client that connects within 5 s. */
    static HttpClient newSender() {
        return HttpClient.newBuilder().connectTimeout(CONNECT_TIME).build();
    }

    /** A generated client that sends its requests with another one. */
    static ApiClient client(String basePath, HttpClient http) {
        ApiClient client = new ApiClient() {
            @Override
            public HttpClient getHttpClient() {
                return http;
            }
        };
        client.updateBaseUri(basePath);
        return client.setReadTimeout(LONGEST_ANSWER_TIME).setResponseInterceptor(ProblemException::throwForError);
    }

    /** The options of {@link Roster}. */
    public static final class Builder {
        private final String basePath;
        private @Nullable HttpClient http;
        private TokenStorage storage = TokenStorage.inMemory();
        private Patience patience = Patience.DEFAULT;
        private Runnable onLoggedOut = () -> {};

        private Builder(String basePath) {
            this.basePath = basePath;
        }

        /** The client that sends the requests, for example one with a proxy. */
        public Builder http(HttpClient client) {
            this.http = client;
            return this;
        }

        /** Where the tokens are kept: in memory by default. */
        public Builder storage(TokenStorage place) {
            this.storage = place;
            return this;
        }

        /** How long a call goes on while the service is busy: 3 repeats and 10 seconds by default. */
        public Builder patience(Patience limits) {
            this.patience = limits;
            return this;
        }

        /** Called when the session has ended in another way than by {@link Roster#logOut}. The tokens are removed. */
        public Builder onLoggedOut(Runnable listener) {
            this.onLoggedOut = listener;
            return this;
        }

        public Roster build() {
            return new Roster(this);
        }
    }
}
