package dev.roster.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Unknown paths and methods, and content negotiation. */
class RoutesIT {
    @RegisterExtension
    static final RosterExtension ROSTER = RosterExtension.shared();

    private static final UUID NOBODY = UUID.fromString("019ab6f0-0000-7000-8000-000000000000");

    private final Api api = ROSTER.api();

    static Stream<Arguments> otherMethods() {
        List<String> methods = List.of(
                "GET",
                "HEAD",
                "POST",
                "PUT",
                "PATCH",
                "DELETE",
                "OPTIONS",
                "TRACE",
                "TRACK",
                "PROPFIND",
                "FOO",
                "post");
        return Stream.of(
                        arguments("/auth/register", "POST"),
                        arguments("/auth/login", "POST"),
                        arguments("/auth/refresh", "POST"),
                        arguments("/auth/logout", "POST"),
                        arguments("/users", "GET, HEAD"),
                        arguments("/users/me", "DELETE, GET, HEAD, PUT"),
                        arguments("/users/me/sessions", "DELETE, GET, HEAD"),
                        arguments("/users/me/sessions/" + NOBODY, "DELETE"),
                        arguments("/users/" + NOBODY, "DELETE, GET, HEAD, PUT"),
                        arguments("/users/" + NOBODY + "/sessions", "DELETE, GET, HEAD"),
                        arguments("/users/" + NOBODY + "/sessions/" + NOBODY, "DELETE"))
                .flatMap(route -> methods.stream()
                        .filter(method ->
                                !List.of(((String) route.get()[1]).split(", ")).contains(method))
                        .map(method -> arguments(method, route.get()[0], route.get()[1])));
    }

    /** H3, L1 */
    @ParameterizedTest
    @MethodSource("otherMethods")
    void otherMethodsAreRefusedAndTheAllowedOnesListed(String method, String path, String allowed) {
        Reply reply = api.send(api.request(path).method(method, BodyPublishers.noBody()));

        assertThat(reply.header("Allow")).isEqualTo(allowed);
        if (method.equals("HEAD")) {
            reply.expect(405);
        } else {
            reply.expectProblem(405, "method-not-allowed");
        }
    }

    /** H3 */
    @ParameterizedTest
    @ValueSource(strings = {"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "_method"})
    void methodOverrideHeadersAreIgnored(String header) {
        TestUser user = api.newUser();

        api.send(api.request(user.path() + "?_method=DELETE")
                        .header(header, "DELETE")
                        .header("Authorization", "Bearer " + user.token())
                        .GET())
                .expect(200);

        api.get(user.path(), user.token()).expect(200);
    }

    /** H1: HEAD returns the headers of GET. */
    @Test
    void headIsAnsweredLikeGet() {
        TestUser user = api.newUser();

        Reply get = api.get(user.path(), user.token()).expect(200);
        Reply head = api.send(api.request(user.path())
                        .header("Authorization", "Bearer " + user.token())
                        .method("HEAD", BodyPublishers.noBody()))
                .expect(200);

        assertThat(head.text()).isEmpty();
        for (String header :
                List.of("Content-Type", "Content-Length", "ETag", "Cache-Control", "Vary", "X-Content-Type-Options")) {
            assertThat(head.header(header)).as(header).isNotNull().isEqualTo(get.header(header));
        }
    }

    /** L1, C8: includes the paths of the admin port. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api",
                "/api/v1",
                "/api/v1/",
                "/api/v1/auth",
                "/api/v1/users/me/sessions/x/y",
                "/api/v2/users/me",
                "/API/V1/users/me",
                "/api/v1/Users/me",
                "/healthcheck",
                "/metrics",
                "/ping",
                "/threads",
                "/pprof",
                "/cpu-profile",
                "/tasks",
                "/tasks/gc",
                "/tasks/log-level",
                "/tasks/purge",
                "/admin",
                "/admin/ping",
                "/application.wadl",
                "/api/v1/application.wadl",
                "/favicon.ico",
                "/robots.txt",
                "/WEB-INF/web.xml",
                "/META-INF/MANIFEST.MF",
                "/config.yml",
            })
    void otherPathsAreNotFound(String path) {
        URI uri = URI.create(api.base() + path);
        for (String method : List.of("GET", "POST", "DELETE", "FOO")) {
            Reply reply = api.send(HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()));

            reply.expectProblem(404, "not-found");
            assertThat(reply.body().path("instance").asText()).isEqualTo(path);
        }
    }

    /** V7 */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "1-1-1-1-1",
                "019ab6f0-0000-7000-8000-00000000000",
                "019ab6f0-0000-7000-8000-0000000000000",
                "019ab6f000007000800000000000000000",
                "019ab6f0000070008000000000000000",
                "%7B019ab6f0-0000-7000-8000-000000000000%7D",
                "019ab6f0-0000-7000-8000-00000000000g",
                "019ab6f0-0000-7000-8000-00000000000%EF%BC%91",
                "urn:uuid:019ab6f0-0000-7000-8000-000000000000",
                "019ab6f0-0000-7000-8000-000000000000%20",
                "ME",
                "null",
                "*",
            })
    void malformedIdIsNotFound(String id) {
        TestUser user = api.newUser();

        for (String method : List.of("GET", "PUT", "DELETE")) {
            Reply reply = send(method, "/users/" + id, user).expectProblem(404, "not-found");
            assertThat(reply.body().path("detail").textValue()).isEqualTo("The id in the path is not a UUID.");
        }
    }

    /** V7 */
    @ParameterizedTest
    @ValueSource(strings = {"1", "me", "null"})
    void malformedSessionIdIsNotFound(String sid) {
        TestUser user = api.newUser();

        for (String path : List.of(user.path(), "/users/me")) {
            Reply reply = api.delete(path + "/sessions/" + sid, user.token()).expectProblem(404, "not-found");
            assertThat(reply.body().path("detail").textValue()).isEqualTo("The sid in the path is not a UUID.");
        }
    }

    /** V7 */
    @Test
    void idInAnotherFormIsNotFound() {
        TestUser user = api.newUser();
        String id = user.id().toString();

        for (String form : List.of(id + "0", id.replace("-", ""), "0" + id, id + ";a=b", id + ";", id + "/x")) {
            api.get("/users/" + form, user.token()).expectProblem(404, "not-found");
        }
        api.get("/users;a=b/" + id, user.token()).expectProblem(404, "not-found");
        api.get("/users/me;a=b", user.token()).expectProblem(404, "not-found");
        api.get("/users/" + id + "%00", user.token()).expectProblem(400, "malformed");
    }

    @Test
    void upperCaseIdIsAccepted() {
        TestUser user = api.newUser();

        Reply reply = api.get("/users/" + user.id().toString().toUpperCase(Locale.ROOT), user.token())
                .expect(200);

        assertThat(reply.body().path("id").asText()).isEqualTo(user.id().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/xml", "application/problem+json", "image/*"})
    void otherMediaTypesAreNotAcceptable(String accepted) {
        TestUser user = api.newUser();

        accepting(accepted, user.path(), user).expectProblem(406, "not-acceptable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "application/*", "text/html, */*;q=0.1", "application/json"})
    void userIsReturnedAsJson(String accepted) {
        TestUser user = api.newUser();

        Reply reply = accepting(accepted, user.path(), user).expect(200);

        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
    }

    /** RFC 9110, section 5.6.1.2: recipients ignore empty elements of a list. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b,,application/json",
                ",application/json",
                "application/json,",
                "application/json , ,\ttext/html",
                ", ,application/*;q=0.5, ,",
                "",
                ",",
                " , ,"
            })
    void emptyElementsOfAcceptAreIgnored(String accepted) {
        TestUser user = api.newUser();

        accepting(accepted, user.path(), user).expect(200);
        accepting("a/b,,c/d", user.path(), user).expectProblem(406, "not-acceptable");
    }

    /** Without content, there is nothing that could be unacceptable. */
    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/problem+json", "image/*", "a/b,,c/d", "*/*;q=0"})
    void answersWithoutContentNeedNoAcceptableType(String accepted) {
        TestUser user = api.newUser();
        TestUser another = api.newUser();
        TestUser third = api.newUser();

        accepting(accepted, "POST", "/auth/logout", user).expect(204);
        accepting(accepted, "DELETE", another.path() + "/sessions", another).expect(204);
        accepting(accepted, "DELETE", third.path() + "/sessions/" + NOBODY, third)
                .expectProblem(404, "not-found");
        accepting(accepted, "DELETE", third.path(), third).expect(204);
        api.get(user.path(), user.token()).expectInvalidToken();
    }

    /** L1 */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/html",
                "text/plain",
                "application/xml",
                "application/vnd.sun.wadl+xml",
                "image/*",
                "*/*",
                "application/json"
            })
    void errorsAreProblemsRegardlessOfAccept(String accepted) {
        TestUser user = api.newUser();

        accepting(accepted, "/nothing", user).expectProblem(404, "not-found");
        for (String method : List.of("GET", "OPTIONS")) {
            Reply reply = api.send(
                    api.request("/auth/login").header("Accept", accepted).method(method, BodyPublishers.noBody()));

            reply.expectProblem(405, "method-not-allowed");
            assertThat(reply.header("Allow")).isEqualTo("POST");
        }
    }

    /** L1 */
    @ParameterizedTest
    @ValueSource(strings = {";;;/", "text/html;q=x", "/"})
    void malformedAcceptIsRefused(String accepted) {
        accepting(accepted, "/users/me", api.newUser()).expectProblem(400, "malformed");
    }

    private Reply accepting(String accepted, String path, TestUser user) {
        return api.send(api.request(path)
                .header("Accept", accepted)
                .header("Authorization", "Bearer " + user.token())
                .GET());
    }

    private Reply accepting(String accepted, String method, String path, TestUser user) {
        return api.send(
                api.request(path, user.token()).header("Accept", accepted).method(method, BodyPublishers.noBody()));
    }

    // One write on a separate connection: the request is refused before its body is read.
    private Reply send(String method, String path, TestUser user) {
        String body = "{\"name\":\"A\"}";
        String request = method + " /api/v1" + path
                + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer " + user.token()
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n";
        return ROSTER.raw().send(request + body).only();
    }
}
