package dev.roster.client;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.Optional;

/** Sends the access token with each request. If the service refuses it, sends the request again with a new one. */
final class AuthorizedHttpClient extends DelegatingHttpClient {
    private final TokenStorage storage;
    private final Renewal renewal;

    AuthorizedHttpClient(HttpClient delegate, TokenStorage storage, Renewal renewal) {
        super(delegate);
        this.storage = storage;
        this.renewal = renewal;
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        Optional<Tokens> tokens = storage.load();
        if (tokens.isEmpty()) {
            return delegate().send(request, handler);
        }
        HttpResponse<T> response = delegate().send(authorized(request, tokens.get()), handler);
        if (!isTokenRefused(response)) {
            return response;
        }
        Optional<Tokens> renewed = renewal.replace(tokens.get().accessToken());
        if (renewed.isEmpty()) {
            return response;
        }
        discard(response);
        return delegate().send(authorized(request, renewed.get()), handler);
    }

    private static HttpRequest authorized(HttpRequest request, Tokens tokens) {
        return HttpRequest.newBuilder(request, (name, value) -> true)
                .setHeader("Authorization", "Bearer " + tokens.accessToken())
                .build();
    }

    /** The 401 of a wrong password, for example, has no such header (RFC 6750, section 3). */
    private static boolean isTokenRefused(HttpResponse<?> response) {
        return response.statusCode() == 401
                && response.headers().allValues("WWW-Authenticate").stream()
                        .anyMatch(challenge -> challenge.contains("invalid_token"));
    }
}
