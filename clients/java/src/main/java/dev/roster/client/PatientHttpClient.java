package dev.roster.client;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** Repeats requests as long as the service is busy, if that is safe. */
final class PatientHttpClient extends DelegatingHttpClient {
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    private final Patience patience;

    PatientHttpClient(HttpClient delegate, Patience patience) {
        super(delegate);
        this.patience = patience;
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        Patience left = isSafeToRepeat(request) ? patience : new Patience(0, Duration.ZERO);
        while (true) {
            HttpResponse<T> response = delegate().send(request, handler);
            Optional<Duration> wait = timeToWait(response);
            if (wait.isEmpty() || wait.get().compareTo(left.total()) > 0 || left.repeats() == 0) {
                return response;
            }
            discard(response);
            Thread.sleep(wait.get().toMillis());
            left = left.after(wait.get());
        }
    }

    /** Reads change nothing, a repeated refresh gets the same tokens, and a repeated logout is a logout. */
    private static boolean isSafeToRepeat(HttpRequest request) {
        String path = request.uri().getPath();
        return request.method().equals("GET")
                || request.method().equals("HEAD")
                || path.endsWith("/auth/refresh")
                || path.endsWith("/auth/logout");
    }

    /** The Retry-After of a 503, and up to half of it more: otherwise all clients would come back at once. */
    private static Optional<Duration> timeToWait(HttpResponse<?> response) {
        if (response.statusCode() != 503) {
            return Optional.empty();
        }
        return response.headers()
                .firstValue("Retry-After")
                .filter(value -> SECONDS.matcher(value).matches())
                .map(value -> Duration.ofMillis((long)
                        (Long.parseLong(value) * ThreadLocalRandom.current().nextDouble(1000, 1500))));
    }
}
