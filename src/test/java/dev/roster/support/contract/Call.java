package dev.roster.support.contract;

import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.http.OpenApi.Operation;
import dev.roster.support.http.Reply;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request; the methods return changed copies.
 *
 * @param api a client of the port
 * @param path the whole path, with the query if there is one
 */
public record Call(
        Api api,
        String method,
        String path,
        Map<String, String> headers,
        @Nullable String body) {
    /** A request for this operation, without headers and body. The template of its path is not filled in. */
    public static Call of(Operation operation, Api api) {
        return new Call(api, operation.method(), operation.fullPath(), Map.of(), null);
    }

    /** With this header; without it if the value is null. */
    public Call with(String header, @Nullable String value) {
        Map<String, String> changed = new TreeMap<>(headers);
        changed.remove(header);
        if (value != null) {
            changed.put(header, value);
        }
        return new Call(api, method, path, changed, body);
    }

    /** With this access token or API key; without any if it is null. */
    public Call withToken(@Nullable String token) {
        return with("Authorization", token == null ? null : "Bearer " + token);
    }

    public Call forUser(UUID id) {
        return at(path.replaceFirst("(?<=/users/)(\\{id}|[0-9a-f-]{36})", id.toString()));
    }

    public Call forSession(UUID id) {
        return at(path.replaceFirst("(?<=/sessions/)[^/]+", id.toString()));
    }

    /** For another path, with the query if there is one. */
    public Call at(String otherPath) {
        return new Call(api, method, otherPath, headers, body);
    }

    public Call withBody(Map<String, ?> json) {
        return withBody(TestTokens.json(json));
    }

    public Call withBody(String json) {
        return new Call(api, method, path, headers, json).with("Content-Type", "application/json");
    }

    /** With a form instead of JSON. */
    public Call withForm(String form) {
        return new Call(api, method, path, headers, form).with("Content-Type", "application/x-www-form-urlencoded");
    }

    public Reply send() {
        BodyPublisher content = body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
        HttpRequest.Builder request = api.requestTo(path).method(method, content);
        headers.forEach(request::header);
        return api.send(request);
    }
}
