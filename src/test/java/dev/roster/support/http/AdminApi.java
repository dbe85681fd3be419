package dev.roster.support.http;

import dev.roster.support.TestTokens;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client of the operators' API of one running service. Gives a reason with each write. Thread-safe. */
public final class AdminApi {
    /** The reason of each write. */
    public static final String REASON = "a test asks for it";

    private final Api api;
    private final @Nullable String key;

    /**
     * @param admin the address of the admin port
     * @param key sent with each request; null for none
     */
    public AdminApi(URI admin, @Nullable String key) {
        this.api = new Api(admin);
        this.key = key;
    }

    /** The same client with another key. */
    public AdminApi with(@Nullable String otherKey) {
        return new AdminApi(api.base(), otherKey);
    }

    /** Starts a request to this path below {@code /admin/v1}, with the key. */
    public HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = api.requestTo("/admin/v1" + path);
        return key == null ? request : request.header("Authorization", "Bearer " + key);
    }

    public Reply send(HttpRequest.Builder request) {
        return api.send(request);
    }

    public Reply get(String path) {
        return send(request(path).GET());
    }

    /** POSTs without a body. */
    public Reply post(String path) {
        return send(request(path).header("Roster-Reason", REASON).POST(BodyPublishers.noBody()));
    }

    /** POSTs this text as {@code application/json}. */
    public Reply post(String path, String body) {
        return send(request(path)
                .header("Roster-Reason", REASON)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    /** POSTs a map as JSON. */
    public Reply post(String path, Map<String, ?> body) {
        return post(path, TestTokens.json(body));
    }

    /** PUTs a map as JSON with this {@code If-Match}. */
    public Reply put(String path, Map<String, ?> body, String ifMatch) {
        return send(request(path)
                .header("Roster-Reason", REASON)
                .header("Content-Type", "application/json")
                .header("If-Match", ifMatch)
                .PUT(BodyPublishers.ofString(TestTokens.json(body))));
    }

    public Reply delete(String path) {
        return send(request(path).header("Roster-Reason", REASON).DELETE());
    }

    /** Deletes with this {@code If-Match}. */
    public Reply delete(String path, String ifMatch) {
        return send(request(path)
                .header("Roster-Reason", REASON)
                .header("If-Match", ifMatch)
                .DELETE());
    }
}
