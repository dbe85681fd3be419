package dev.roster.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A limit so large that two nodes take its tokens in portions of two. */
class LargeBucketIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final int AT_ONCE = 601;

    @RegisterExtension
    static final RosterExtension ONE = node();

    @RegisterExtension
    static final RosterExtension OTHER = node();

    private final TestUser user = ONE.api().newUser();

    private static RosterExtension node() {
        return new RosterExtension()
                .on(DATABASE)
                .with("CHANGES", "2")
                .with("CHANGES_AT_ONCE", Integer.toString(AT_ONCE));
    }

    @Test
    void everyTokenIsSpentOnceAndTheLastOneIsRecorded() {
        for (int i = 0; i < AT_ONCE; i++) {
            rename(i).expect(200);
        }

        // Since the first change, the bucket may have gained tokens: two a minute.
        int more = 0;
        while (more < 30 && rename(AT_ONCE + more).status() == 200) {
            more++;
        }
        assertThat(more).isLessThan(30);
        rename(0).expectProblem(429, "too-many-requests");
        rename(1).expectProblem(429, "too-many-requests");
        assertThat(events("details_changed")).hasSize(AT_ONCE + more);
        assertThat(events("limit_hit")).isNotEmpty().containsOnly("change");
    }

    @Test
    void secondChangeOnANodeWritesNoCount() {
        rename(0).expect(200);
        List<String> first = counts();
        rename(2).expect(200);

        assertThat(counts()).isEqualTo(first);
        rename(4).expect(200);
        assertThat(counts()).isNotEqualTo(first);
    }

    private Reply rename(int i) {
        RosterExtension node = i % 2 == 0 ? ONE : OTHER;
        return node.api().put(user.path(), user.token(), Map.of("name", "Name " + i));
    }

    private static List<String> counts() {
        return DATABASE.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT request_limits::text FROM request_limits ORDER BY key")
                        .mapTo(String.class)
                        .list());
    }

    private List<String> events(String type) {
        return DATABASE.jdbi().withHandle(handle -> handle.createQuery(
                        "SELECT coalesce(details, '') FROM audit_events WHERE target_id = ? AND type = ?")
                .bind(0, user.id())
                .bind(1, type)
                .mapTo(String.class)
                .list());
    }
}
