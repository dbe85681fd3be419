package dev.roster.token.signing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api.TestUser;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two nodes replace a key of a certain age. */
class AgeRotationIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final TestDatabase DATABASE = TestDatabase.migrated();

    @RegisterExtension
    static final RosterExtension NODE = node();

    @RegisterExtension
    static final RosterExtension OTHER = node();

    private final KeyTable table = new KeyTable(DATABASE);

    private static RosterExtension node() {
        return new RosterExtension()
                .on(DATABASE)
                .with("TOKEN_ALGORITHM", "ES256")
                .with("KEY_ROTATION", "3s")
                .with("KEY_LEAD", "1s");
    }

    @Test
    void keysFollowEachOtherAndTheTokensOfEachStayValid() {
        TestUser user = NODE.api().newUser();
        Poll.until("two more have signed", PATIENCE, () -> table.kids().size() > 4);

        String token = OTHER.api().newToken(user.email());

        assertThat(KeyTable.kid(token)).isNotEqualTo(KeyTable.kid(user.token()));
        for (RosterExtension node : List.of(NODE, OTHER)) {
            node.api().get("/users/me", user.token()).expect(200);
            node.api().get("/users/me", token).expect(200);
        }
        assertThat(count("""
                WITH keys AS (
                    SELECT *,
                           lead(created_at) OVER by_age AS next_made,
                           lead(signs_from) OVER by_age AS next_signs
                      FROM signing_keys
                     WHERE algorithm = 'ES256'
                    WINDOW by_age AS (ORDER BY created_at))
                SELECT count(*)
                  FROM keys
                 WHERE next_made < created_at + interval '3 seconds'
                    OR verifies_until <> next_signs + interval '1 second' + interval '15 minutes 65 seconds'
                    OR (verifies_until IS NULL) <> (next_made IS NULL)
                """)).isZero();
        // The first key signed at once, because HS256 had no keys to fetch.
        assertThat(count("SELECT count(*) FROM signing_keys WHERE signs_from = published_from"))
                .isEqualTo(2);
        assertThat(count("SELECT count(*) FROM signing_keys WHERE signs_from = published_from + interval '1 second'"))
                .isGreaterThan(2);
    }

    private static long count(String sql) {
        return DATABASE.jdbi()
                .withHandle(handle -> handle.createQuery(sql).mapTo(Long.class).one());
    }
}
