package dev.roster.client;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import org.jspecify.annotations.Nullable;

/** Adds the API key to each request, and the actor to each change. */
final class KeyHttpClient extends DelegatingHttpClient {
    private final String key;
    private final @Nullable String actor;

    KeyHttpClient(HttpClient delegate, String key, @Nullable String actor) {
        super(delegate);
        this.key = key;
        this.actor = actor;
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        HttpRequest.Builder sent =
                HttpRequest.newBuilder(request, (name, value) -> true).setHeader("Authorization", "Bearer " + key);
        boolean names = request.headers().firstValue("Roster-Actor").isPresent();
        if (actor != null && !names && !request.method().equals("GET")) {
            sent.setHeader("Roster-Actor", actor);
        }
        return delegate().send(sent.build(), handler);
    }
}
