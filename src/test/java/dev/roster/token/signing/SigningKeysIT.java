package dev.roster.token.signing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.fault.Link;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.process.CommandLine;
import dev.roster.support.process.CommandLine.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which key a node signs and verifies with. The tests write the table; a node follows it. */
class SigningKeysIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String IN_AN_HOUR = "now() + interval '1 hour'";

    private final TestDatabase database = TestDatabase.migrated();
    private final KeyTable table = new KeyTable(database);
    private final Link primary = Link.to(database.url());
    private final Link feed = Link.to(database.url());
    private final RosterExtension roster = new RosterExtension()
            .on(database)
            .with("TOKEN_ALGORITHM", "ES256")
            .with("DATABASE_URL", primary.url())
            .with("DATABASE_SOCKET_TIMEOUT", "2s")
            .with("DATABASE_STATEMENT_TIMEOUT", "1900ms")
            .with("DATABASE_POOL_WAIT", "1s")
            .with("FEED_DATABASE_URL", feed.url());
    private Api api;
    private TestUser user;

    @BeforeEach
    void start() throws Exception {
        roster.start();
        api = roster.api();
        user = api.newUser();
    }

    @AfterEach
    void stop() {
        roster.stop();
        primary.close();
        feed.close();
    }

    @Test
    void newKeyIsPublishedAtOnceAndDoesNotSignBeforeItsTime() {
        String old = KeyTable.kid(user.token());
        String added = table.add(SigningAlgorithm.RS256, "now()", IN_AN_HOUR, "NULL");

        awaitPublished(added);
        assertThat(KeyTable.kid(api.newToken(user.email()))).isEqualTo(old);
        api.get("/users/me", user.token()).expect(200);
    }

    @Test
    void newKeySignsAfterItsLead() {
        String added = table.add(SigningAlgorithm.RS256, "now()", "now() + interval '2 seconds'", "NULL");
        Instant signsFrom = table.time("SELECT signs_from FROM signing_keys WHERE kid = ?", added);

        Poll.until("it signs", PATIENCE, () -> {
            boolean isNew = KeyTable.kid(api.newToken(user.email())).equals(added);
            assertThat(isNew && table.now().isBefore(signsFrom)).isFalse();
            return isNew;
        });
        api.get("/users/me", user.token()).expect(200);
    }

    /** Other services may have fetched the keys from this node only. */
    @Test
    void nodeThatHearsOfAKeyLateDoesNotSignWithItYet() {
        String old = KeyTable.kid(user.token());
        String added = table.add(SigningAlgorithm.ES256, "now() - interval '1 hour'", "now()", "NULL");

        awaitPublished(added);

        assertThat(KeyTable.kid(api.newToken(user.email()))).isEqualTo(old);
    }

    @Test
    void tokensOfAnEndedKeyAreRefusedEvenIfTheirSignatureIsRemembered() {
        api.get("/users/me", user.token()).expect(200);
        String old = KeyTable.kid(user.token());
        table.add(SigningAlgorithm.ES256, "now()", "now()", "NULL");
        table.change("UPDATE signing_keys SET verifies_until = now() + interval '2 seconds' WHERE kid = ?", old);
        Instant end = table.time("SELECT verifies_until FROM signing_keys WHERE kid = ?", old);

        Poll.until("it is refused", PATIENCE, () -> {
            int status = api.get("/users/me", user.token()).status();
            assertThat(status).isEqualTo(table.now().isBefore(end) ? 200 : status);
            return status == 401;
        });
        api.get("/users/me", user.token()).expectInvalidToken();
        api.get("/users/me", api.newToken(user.email())).expect(200);
        assertThat(published()).hasSize(1);
    }

    @Test
    void nodeThatIsCutOffAsksTheDatabaseForTheKeys() {
        api.get("/users/me", user.token()).expect(200);
        feed.cut();
        awaitStale();
        String added = table.add(SigningAlgorithm.EDDSA, "now()", "now()", "NULL");
        table.change("UPDATE signing_keys SET verifies_until = now() WHERE verifies_until IS NOT NULL");

        api.get("/users/me", user.token()).expectInvalidToken();
        String token = api.newToken(user.email());
        api.get("/users/me", token).expect(200);

        assertThat(KeyTable.kid(token)).isEqualTo(added);
    }

    @Test
    void nodeWithoutFeedAndDatabaseNeitherIssuesNorAccepts() {
        api.get("/users/me", user.token()).expect(200);
        feed.cut();
        awaitStale();
        primary.cut();

        api.get("/users/me", user.token()).expectProblem(503, "unavailable");
        api.login(user.email(), Api.PASSWORD).expectProblem(503, "unavailable");
    }

    /** Otherwise a node that has not heard of the end of a leaked key would bring it back. */
    @Test
    void nodeWithoutFeedPublishesTheKeysOfTheDatabase() {
        feed.cut();
        awaitStale();

        String added = table.add(SigningAlgorithm.ES256, "now()", IN_AN_HOUR, "NULL");

        assertThat(published().findValuesAsText("kid")).contains(added);
        primary.cut();
        api.raw("GET", "/.well-known/jwks.json").expectProblem(503, "unavailable");
    }

    /** The kid is associated data, so no row can have the key of another. */
    @Test
    void keyOfAnotherRowDoesNotOpen() {
        String old = KeyTable.kid(user.token());
        String added = table.add(SigningAlgorithm.ES256, "now()", IN_AN_HOUR, "NULL");
        awaitPublished(added);

        table.change("""
                UPDATE signing_keys AS key
                   SET private_sealed = other.private_sealed
                  FROM signing_keys AS other
                 WHERE key.kid IN (?, ?) AND other.kid IN (?, ?) AND key.kid <> other.kid
                """, old, added, old, added);

        Poll.until(
                "they are refused",
                PATIENCE,
                () -> api.get("/users/me", user.token()).status() == 401);
        api.login(user.email(), Api.PASSWORD).expectProblem(503, "unavailable");
        assertThat(signingKeyHealth().path("healthy").asBoolean()).isFalse();
        assertThat(signingKeyHealth().path("message").asText()).contains("JWT_SECRET_KEY", old, added);
        api.raw("GET", "/.well-known/jwks.json").expectProblem(503, "unavailable");
    }

    /** Somebody who may write to the database cannot sign tokens either. */
    @Test
    void keyThatSomebodyElseHasPutIntoTheTableIsNotTrusted() {
        String foreign = table.add(SigningAlgorithm.ES256, "now()", IN_AN_HOUR, IN_AN_HOUR);
        String token = JdkSignatures.sign(
                TestTokens.json(Map.of("alg", "ES256", "typ", "at+jwt", "kid", foreign)),
                TestTokens.json(TestTokens.claims(user.id())),
                table.open(foreign).getPrivateKey(),
                SigningAlgorithm.ES256);
        Poll.until("it is heard of", PATIENCE, () -> api.get("/users/me", token).status() == 200);

        table.change("UPDATE signing_keys SET private_sealed = sha512('x') WHERE kid = ?", foreign);

        Poll.until("it is refused", PATIENCE, () -> api.get("/users/me", token).status() == 401);
        assertThat(published().findValuesAsText("kid")).containsExactly(KeyTable.kid(user.token()));
        api.get("/users/me", api.newToken(user.email())).expect(200);
    }

    /** The key that this process would make for another algorithm, the other nodes could not open. */
    @ParameterizedTest
    @EnumSource
    void startWithAnotherSecretIsRefused(SigningAlgorithm algorithm) {
        Outcome outcome = CommandLine.run(
                database.variables(Map.of(
                        "TOKEN_ALGORITHM", algorithm.id(), "JWT_SECRET_KEY", "another-9vKq3LzPpW7cYtXr1nUeHsBd5GmJ0a")),
                "server",
                "config.yml");

        assertThat(outcome.failed()).isTrue();
        assertThat(outcome.errors())
                .contains("JWT_SECRET_KEY: does not open the signing key", "rotate-key --now")
                .doesNotContain("another-9vKq3");
    }

    private void awaitPublished(String kid) {
        Poll.until("it is published", PATIENCE, () -> published()
                .findValuesAsText("kid")
                .contains(kid));
    }

    private JsonNode published() {
        return api.raw("GET", "/.well-known/jwks.json").expect(200).body().path("keys");
    }

    private void awaitStale() {
        Poll.until("it is stale", PATIENCE, () -> roster.count("roster_feed_fresh") == 0);
    }

    private JsonNode signingKeyHealth() {
        return new Api(roster.admin()).raw("GET", "/healthcheck").body().path("signing-key");
    }
}
