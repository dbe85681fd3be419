package dev.roster.integration.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.apikey.Scope;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.fault.Link;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** Which keys let other services in, and how they are sent. */
class ServiceKeysIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Link LINK = Link.to(DATABASE.url());

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().on(DATABASE).with("ADDRESS_FAILURES", "0");

    /** Serves one test only: dead connections stay in its pool. */
    @RegisterExtension
    static final RosterExtension CUT_OFF = new RosterExtension().on(DATABASE).with("DATABASE_URL", LINK.url());

    @RegisterExtension
    static final RosterExtension LIMITED = new RosterExtension().with("ADDRESS_FAILURES", "2");

    private final Api api = ROSTER.api();
    private final String key = TestKeys.make(ROSTER.jdbi(), Scope.INTROSPECT);
    private final String id = TestKeys.id(key);
    private final String secret = key.substring("rk_".length() + id.length() + 1);

    @Test
    void bearerKeyIsAccepted() {
        introspect("Bearer " + key).expect(200);
        introspect("bearer  " + key).expect(200);
    }

    @Test
    void basicKeyIsAccepted() {
        introspect(basic(id + ":" + secret)).expect(200);
        introspect(basic(id + ":" + secret).replace("Basic", "bAsic")).expect(200);
        introspect(basic(id + ":" + key)).expect(200);
        introspect(basic(":" + key)).expect(200);
    }

    @Test
    void requestWithoutAKeyIsAskedForOne() {
        Reply reply = api.form("/oauth/introspect", null, "token=x").expectProblem(401, "unauthenticated");

        assertThat(reply.header("WWW-Authenticate")).isEqualTo("Basic realm=\"roster\", Bearer realm=\"roster\"");
        assertThat(reply.body().path("detail").asText())
                .isEqualTo("This request needs an API key. Send it in a header: Authorization: Bearer <key>");
    }

    /** The answer does not tell why. */
    @Test
    void badCredentialsAreRefusedAlike() {
        String other = TestKeys.make(ROSTER.jdbi(), Scope.INTROSPECT);
        String expired = TestKeys.make(ROSTER.jdbi(), Scope.INTROSPECT);
        String revoked = TestKeys.make(ROSTER.jdbi(), Scope.INTROSPECT);
        update("expires_at = now()", expired);
        update("revoked_at = now()", revoked);
        for (String dead : List.of(expired, revoked)) {
            Poll.until("refused", PATIENCE, () -> introspect("Bearer " + dead).status() == 401);
        }
        String unknown = key.substring(0, key.length() - 4) + "AAAA";
        List<String> all = List.of(
                "Bearer",
                "Bearer ",
                "Bearer garbage",
                "Bearer " + unknown,
                "Bearer " + expired,
                "Bearer " + revoked,
                "Bearer " + api.newUser().token(),
                "Bearer " + basic(id + ":" + secret).substring("Basic ".length()),
                "Digest " + key,
                key,
                "Basic",
                "Basic ",
                "Basic " + key,
                "Basic !" + basic(id + ":" + secret).substring("Basic ".length()),
                basic(key),
                basic(id + ":"),
                basic(":" + secret),
                basic(id + ":" + unknown),
                basic(id + ":" + secret + "\n"),
                basic(TestKeys.id(other) + ":" + secret),
                basic(TestKeys.id(other) + ":" + key),
                basic(TestKeys.id(expired) + ":" + expired),
                basic(TestKeys.id(revoked) + ":" + revoked));

        assertThat(all).allSatisfy(credentials -> {
            Reply reply = introspect(credentials).expectProblem(401, "unauthenticated");
            assertThat(reply.header("WWW-Authenticate")).isEqualTo("Basic realm=\"roster\", Bearer realm=\"roster\"");
            assertThat(reply.body().path("detail").asText())
                    .isEqualTo("This request needs an API key. Send it in a header: Authorization: Bearer <key>");
        });
    }

    @Test
    void revokedKeyIsRefused() {
        introspect("Bearer " + key).expect(200);

        update("revoked_at = now()", key);

        Poll.until("refused", PATIENCE, () -> introspect("Bearer " + key).status() == 401);
        introspect(basic(id + ":" + secret)).expect(401);
    }

    @Test
    void secondAuthorizationHeaderIsRefused() {
        api.send(api.requestTo("/oauth/introspect")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Authorization", "Bearer " + key)
                        .header("Authorization", basic(id + ":" + secret))
                        .POST(BodyPublishers.ofString("token=x")))
                .expectProblem(400, "malformed");
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "INTROSPECT")
    void keyNeedsTheScope(Scope scope) {
        String lacking = TestKeys.make(ROSTER.jdbi(), scope);

        for (String path : List.of("/oauth/introspect", "/oauth/revoke")) {
            Reply reply = api.form(path, lacking, "token=x").expectProblem(403, "insufficient-scope");
            assertThat(reply.header("WWW-Authenticate"))
                    .isEqualTo("Bearer realm=\"roster\", error=\"insufficient_scope\"");
            assertThat(reply.body().path("detail").asText())
                    .isEqualTo("The key needs the scope introspect for this request.");
        }
    }

    /** Together with wrong passwords: ASVS 6.3.1. */
    @ParameterizedTest
    @ValueSource(strings = {"Bearer garbage", "Basic garbage"})
    void wrongKeysAreLimitedByAddress(String credentials) {
        Api limited = LIMITED.api();
        String good = TestKeys.make(LIMITED.jdbi(), Scope.INTROSPECT);
        String expired = TestKeys.make(LIMITED.jdbi(), Scope.INTROSPECT);
        LIMITED.jdbi()
                .useHandle(handle ->
                        handle.execute("UPDATE api_keys SET expires_at = now() WHERE id = ?", TestKeys.id(expired)));

        Poll.until(
                "expired",
                PATIENCE,
                () -> limited.form("/oauth/introspect", expired, "token=x").status() == 401);
        for (int i = 0; i < 3; i++) {
            limited.form("/oauth/introspect", expired, "token=x").expect(401); // counts not as a guess
        }
        Poll.until("limited", PATIENCE, () -> send(limited, credentials).status() == 429);

        limited.form("/oauth/introspect", good, "token=x").expect(200);
    }

    @Test
    void noKeyIsAcceptedWhileItCannotBeChecked() {
        Api cutOff = CUT_OFF.api();
        cutOff.form("/oauth/introspect", key, "token=x").expect(200);

        LINK.cut();

        Poll.until("stale", PATIENCE, () -> CUT_OFF.count("roster_feed_fresh") == 0);
        cutOff.form("/oauth/introspect", key, "token=x").expectProblem(503, "unavailable");
        cutOff.form("/oauth/revoke", key, "token=x").expectProblem(503, "unavailable");
    }

    private void update(String change, String changed) {
        ROSTER.jdbi()
                .useHandle(handle ->
                        handle.execute("UPDATE api_keys SET " + change + " WHERE id = ?", TestKeys.id(changed)));
    }

    private Reply introspect(String credentials) {
        return send(api, credentials);
    }

    private static Reply send(Api service, String credentials) {
        return service.send(service.requestTo("/oauth/introspect")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Authorization", credentials)
                .POST(BodyPublishers.ofString("token=x")));
    }

    private static String basic(String credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
    }
}
