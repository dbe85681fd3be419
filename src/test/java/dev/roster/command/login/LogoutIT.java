package dev.roster.command.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogoutIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private final Api api = ROSTER.api();

    @Test
    void loggedOutTokenIsRefusedAtOnce() {
        Api.TestUser user = api.newUser();

        Reply reply = api.logout(user.token()).expect(204);

        assertThat(reply.text()).isEmpty();
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
        api.get("/users/me", user.token()).expectInvalidToken();
        api.get(user.path(), user.token()).expectInvalidToken();
        api.put(user.path(), user.token(), Map.of("name", "B")).expectInvalidToken();
        api.delete(user.path(), user.token()).expectInvalidToken();
    }

    @Test
    void logoutKeepsAllOtherTokens() {
        Api.TestUser user = api.newUser();
        Api.TestUser other = api.newUser();
        String second = api.newToken(user.email());

        api.logout(user.token()).expect(204);

        api.get("/users/me", second).expect(200);
        api.get("/users/me", other.token()).expect(200);
        api.get("/users/me", api.newToken(user.email())).expect(200);
    }

    @Test
    void repeatedLogoutSucceeds() {
        Api.TestUser user = api.newUser();

        for (int i = 0; i < 3; i++) {
            api.logout(user.token()).expect(204);
        }
        api.get("/users/me", user.token()).expectInvalidToken();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1S", "PT10S", "PT45M", "P30D"})
    void expiredTokenCanBeLoggedOut(Duration after) {
        Api.TestUser user = api.newUser();
        String expired = TestTokens.sign(user.token(), Duration.ofMinutes(15).plus(after));
        api.get("/users/me", user.token()).expect(200);

        api.logout(expired).expect(204);

        api.get("/users/me", expired).expectInvalidToken();
        api.get("/users/me", user.token()).expectInvalidToken();
    }

    @Test
    void logoutSucceedsAfterTheUserIsDeleted() {
        Api.TestUser user = api.newUser();
        api.delete(user.path(), user.token()).expect(204);

        api.logout(user.token()).expect(204);
    }

    @Test
    void logoutSucceedsAfterAPasswordChangeRevokedTheToken() {
        Api.TestUser user = api.newUser();
        String other = api.newToken(user.email());
        api.put(user.path(), user.token(), Map.of("password", "Another-Horse-9", "current_password", Api.PASSWORD))
                .expect(200);
        api.get("/users/me", other).expectInvalidToken();

        api.logout(other).expect(204);
    }

    @Test
    void logoutRequiresABearerToken() {
        api.logout(null).expectUnauthenticated();
        api.send(api.request("/auth/logout")
                        .header("Authorization", "Basic anVsaWV0OnNlY3JldA==")
                        .POST(BodyPublishers.noBody()))
                .expectUnauthenticated();
    }

    @Test
    void logoutWithAForgedTokenIsRefused() {
        Api.TestUser user = api.newUser();
        String otherKey = TestTokens.sign(
                TestTokens.json(TestTokens.header()),
                TestTokens.json(TestTokens.claims(user.id())),
                "other-" + TestTokens.SECRET_KEY,
                "HmacSHA256");
        String unsigned = user.token().substring(0, user.token().lastIndexOf('.') + 1);

        api.logout(otherKey).expectInvalidToken();
        api.logout(unsigned).expectInvalidToken();
        api.logout("garbage").expectInvalidToken();
        api.get("/users/me", user.token()).expect(200);
    }

    @Test
    void loggedOutTokenIsBlocklistedByItsId() {
        UUID userId = UUID.randomUUID();
        Map<String, Object> claims = TestTokens.claims(userId);

        api.logout(TestTokens.sign(TestTokens.header(), claims)).expect(204);

        Map<String, Object> row = ROSTER.jdbi().withHandle(handle -> handle.select(
                        "SELECT kind, user_id, reason FROM token_blocklist WHERE id = ?::uuid", claims.get("jti"))
                .mapToMap()
                .one());
        assertThat(row).isEqualTo(Map.of("kind", "token", "user_id", userId, "reason", "logged_out"));
    }
}
