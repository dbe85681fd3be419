package dev.roster.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.TestTokens;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.mindrot.jbcrypt.BCrypt;

/** The claims {@code auth_time} and {@code role}. */
class SessionClaimsIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("SELF_ASSIGNABLE_ROLES", "user")
            .with("BCRYPT_COST", "5")
            .with("API_KEY_REQUESTS", "0");

    private final Api api = ROSTER.api();
    private final AdminApi admin = new AdminApi(ROSTER.admin(), TestKeys.makeForAll(ROSTER.jdbi()));

    @Test
    void authTimeIsThatOfTheLoginAndStaysWhenTheSessionIsRefreshed() {
        Instant before = Instant.now().minusSeconds(2);
        TestUser user = api.newUser();
        TestSession session = api.newSession(user);
        assertThat(authTime(session)).isEqualTo(createdAt(session)).isBetween(before, Instant.now());

        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "UPDATE sessions SET created_at = created_at - '1 hour'::interval WHERE id = ?", session.id()));
        TestSession refreshed = api.refreshed(session.refreshToken());
        TestSession again = api.refreshed(refreshed.refreshToken());
        TestSession repeated = api.refreshed(session.refreshToken());

        assertThat(createdAt(session)).isBefore(before.minus(Duration.ofMinutes(59)));
        assertThat(List.of(authTime(refreshed), authTime(again), authTime(repeated)))
                .containsOnly(createdAt(session));
        assertThat(repeated.refreshToken())
                .as("a repeat within the grace")
                .isEqualTo(again.refreshToken())
                .isNotEqualTo(refreshed.refreshToken());
    }

    @Test
    void roleThatUsersMayGiveThemselvesIsNotInTheToken() {
        TestUser user = api.newUser();
        TestSession session = api.newSession(user);
        TestSession refreshed = api.refreshed(session.refreshToken());

        assertThat(List.of(session, refreshed, api.refreshed(session.refreshToken())))
                .allMatch(each -> !TestTokens.read(each.accessToken()).has("role"));
    }

    @Test
    void roleThatAnOperatorHasGivenIsInTheToken() {
        TestUser user = newAdmin();
        TestSession session = api.newSession(user);
        TestSession refreshed = api.refreshed(session.refreshToken());

        assertThat(List.of(session, refreshed, api.refreshed(session.refreshToken())))
                .extracting(each -> role(each))
                .containsOnly("admin");
        api.get("/users/me", refreshed.accessToken()).expect(200);
    }

    /** Such a login has a statement of its own. */
    @Test
    void loginThatReplacesTheHashGivesTheSameClaims() {
        TestUser user = newAdmin();
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "UPDATE users SET password_hash = ? WHERE id = ?",
                        BCrypt.hashpw(Api.PASSWORD, BCrypt.gensalt(4)),
                        user.id()));

        TestSession session = api.newSession(user);

        String hash = ROSTER.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT password_hash FROM users WHERE id = ?")
                        .bind(0, user.id())
                        .mapTo(String.class)
                        .one());
        assertThat(hash).as("it was replaced").startsWith("$2a$05$");
        assertThat(role(session)).isEqualTo("admin");
        assertThat(authTime(session)).isEqualTo(createdAt(session));
    }

    @Test
    void roleFollowsTheUserAtTheNextRefreshAndTheSessionStays() {
        TestUser user = newAdmin();
        TestSession session = api.newSession(user);

        admin.put(user.path(), Map.of("role", "user"), "*").expect(200);
        TestSession refreshed = api.refreshed(session.refreshToken());
        api.get("/users/me", session.accessToken()).expect(200);
        admin.put(user.path(), Map.of("role", "admin"), "*").expect(200);
        TestSession repeated = api.refreshed(session.refreshToken());

        assertThat(Stream.of(session, refreshed, repeated))
                .extracting(each -> role(each))
                .containsExactly("admin", null, "admin");
        assertThat(List.of(refreshed.id(), repeated.id())).containsOnly(session.id());
    }

    private TestUser newAdmin() {
        String email = Api.newEmail();
        UUID id = UUID.fromString(admin.post(
                        "/users", Map.of("name", "An Admin", "email", email, "role", "admin", "password", Api.PASSWORD))
                .expect(201)
                .body()
                .path("id")
                .asText());
        return new TestUser(id, email, api.newToken(email));
    }

    private static @Nullable String role(TestSession session) {
        return TestTokens.read(session.accessToken()).path("role").textValue();
    }

    private static Instant authTime(TestSession session) {
        return Instant.ofEpochSecond(
                TestTokens.read(session.accessToken()).path("auth_time").longValue());
    }

    /** In whole seconds. */
    private static Instant createdAt(TestSession session) {
        return Instant.ofEpochSecond(ROSTER.jdbi().withHandle(handle -> handle.createQuery(
                        "SELECT floor(extract(epoch FROM created_at))::bigint FROM sessions WHERE id = ?")
                .bind(0, session.id())
                .mapTo(Long.class)
                .one()));
    }
}
