package dev.roster.verifier;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The requests to Roster. Apart from the stream, each ends in time, and its answer has a bounded length. */
final class RosterHttp {
    /** For the keys, and for an answer about one token. */
    static final Duration LONGEST = Duration.ofSeconds(1);

    private final Settings settings;

    RosterHttp(Settings settings) {
        this.settings = settings;
    }

    /** Asks for the public keys, past all caches. */
    CompletableFuture<HttpResponse<String>> keys() {
        return sendBriefly(request("/.well-known/jwks.json")
                .setHeader("Cache-Control", "no-cache")
                .build());
    }

    /** Asks whether a token is active (RFC 7662). */
    CompletableFuture<HttpResponse<String>> introspect(String token) {
        String form = "token=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
        return sendBriefly(authorized("/oauth/introspect")
                .setHeader("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form))
                .build());
    }

    /** Opens the stream of revocations. */
    CompletableFuture<HttpResponse<Void>> stream(@Nullable String cursor, BodyHandler<Void> handler) {
        HttpRequest.Builder request = authorized("/api/v1/revocations")
                .setHeader("Accept", "text/event-stream")
                .setHeader("Cache-Control", "no-store");
        if (cursor != null) {
            request.setHeader("Last-Event-ID", cursor);
        }
        return settings.http().sendAsync(request.build(), handler);
    }

    private CompletableFuture<HttpResponse<String>> sendBriefly(HttpRequest request) {
        CompletableFuture<HttpResponse<String>> exchange =
                settings.http().sendAsync(request, answer -> new LimitedBody());
        return exchange.copy()
                .orTimeout(LONGEST.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((answer, failure) -> exchange.cancel(true));
    }

    private HttpRequest.Builder authorized(String path) {
        return request(path).setHeader("Authorization", "Bearer " + settings.key());
    }

    private HttpRequest.Builder request(String path) {
        String base = settings.roster().toString();
        String root = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        return HttpRequest.newBuilder(URI.create(root + path)).version(Version.HTTP_1_1);
    }

    /** A text of bounded length. A longer answer fails, and its connection closes. */
    private static final class LimitedBody implements BodySubscriber<String> {
        private static final int MOST = 256 * 1024;

        private final BodySubscriber<String> text = BodySubscribers.ofString(StandardCharsets.UTF_8);
        private @Nullable Subscription subscription;
        private long length;

        @Override
        public CompletionStage<String> getBody() {
            return text.getBody();
        }

        @Override
        public void onSubscribe(Subscription opened) {
            subscription = opened;
            text.onSubscribe(opened);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            length += buffers.stream().mapToLong(ByteBuffer::remaining).sum();
            if (length <= MOST) {
                text.onNext(buffers);
            } else if (subscription != null) {
                subscription.cancel();
                text.onError(new IOException("An answer of more than " + MOST + " bytes"));
            }
        }

        @Override
        public void onError(Throwable failure) {
            text.onError(failure);
        }

        @Override
        public void onComplete() {
            text.onComplete();
        }
    }
}
