package dev.roster.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The limits on keys. */
class KeyLimitsIT {
    private static final int REQUESTS = 8;
    private static final int DELETIONS = 3;
    private static final int FAILURES = 5;

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("API_KEY_REQUESTS", Integer.toString(REQUESTS))
            .with("API_KEY_DELETIONS", Integer.toString(DELETIONS))
            .with("ADDRESS_FAILURES", Integer.toString(FAILURES));

    private final AdminApi admin = new AdminApi(ROSTER.admin(), TestKeys.makeForAll(ROSTER.jdbi()));

    @Test
    void requestsPastTheLimitOfTheKeyAreRefused() {
        for (int i = 0; i < REQUESTS; i++) {
            admin.get("/keys").expect(200);
        }

        expectLimit(admin.get("/keys"), "key", REQUESTS);
        admin.with(TestKeys.makeForAll(ROSTER.jdbi())).get("/keys").expect(200);
    }

    @Test
    void deletionsPastTheLimitOfTheKeyAreRefused() {
        for (int i = 0; i < DELETIONS; i++) {
            admin.delete("/keys/" + TestKeys.id(TestKeys.make(ROSTER.jdbi(), Scope.KEYS)))
                    .expect(204);
        }

        String kept = TestKeys.make(ROSTER.jdbi(), Scope.KEYS);
        expectLimit(admin.delete("/keys/" + TestKeys.id(kept)), "key-deletion", DELETIONS);
        admin.with(kept).get("/keys").expect(200);
        admin.get("/keys").expect(200);
    }

    /** Otherwise a program with a revoked key would keep everybody at its address from logging in. */
    @Test
    void wrongKeysCountTowardsTheLimitOfTheAddressAndRevokedKeysDoNot() {
        String revoked = revokedKey();
        for (int i = 0; i <= FAILURES; i++) {
            admin.with(revoked).get("/keys").expect(401);
            admin.with(null).get("/keys").expect(401);
        }
        for (int i = 0; i < FAILURES; i++) {
            admin.with(revoked.substring(0, 16) + "A".repeat(43)).get("/keys").expectProblem(401, "unauthenticated");
        }

        expectLimit(admin.with("rk_garbage").get("/keys"), "address", FAILURES);
        expectLimit(admin.with(revoked.substring(0, 16) + "A".repeat(43)).get("/keys"), "address", FAILURES);
        expectLimit(ROSTER.api().login("nobody@example.com", "wrong-Password-1"), "address", FAILURES);
        admin.get("/keys").expect(200);
        List<String> limits = ROSTER.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT details FROM audit_events WHERE type = 'limit_hit'")
                        .mapTo(String.class)
                        .list());
        assertThat(limits).containsExactly("address");

        admin.with(keyThatIsNotInMemory()).get("/keys").expect(200);
    }

    /** Makes it without the trigger that tells the nodes. */
    private static String keyThatIsNotInMemory() {
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute("ALTER TABLE api_keys DISABLE TRIGGER api_keys_notify_insert"));
        String key = TestKeys.make(ROSTER.jdbi(), Scope.KEYS);
        ROSTER.jdbi().useHandle(handle -> handle.execute("ALTER TABLE api_keys ENABLE TRIGGER api_keys_notify_insert"));
        return key;
    }

    @Test
    void requestsWithARevokedKeyCountTowardsTheLimitOfTheKey() {
        String revoked = revokedKey();
        for (int i = 0; i < REQUESTS; i++) {
            admin.with(revoked).get("/keys").expectProblem(401, "unauthenticated");
        }

        expectLimit(admin.with(revoked).get("/keys"), "key", REQUESTS);
        admin.with(revokedKey()).get("/keys").expectProblem(401, "unauthenticated");
    }

    private String revokedKey() {
        String key = TestKeys.makeForAll(ROSTER.jdbi());
        admin.delete("/keys/" + TestKeys.id(key)).expect(204);
        return key;
    }

    private static void expectLimit(Reply reply, String name, int quota) {
        reply.expectProblem(429, "too-many-requests");
        assertThat(Integer.parseInt(String.valueOf(reply.header("Retry-After"))))
                .isBetween(1, 60);
        assertThat(reply.header("RateLimit-Policy")).isEqualTo("\"" + name + "\";q=" + quota + ";w=60");
        assertThat(reply.header("RateLimit")).startsWith("\"" + name + "\";r=0;t=");
    }
}
