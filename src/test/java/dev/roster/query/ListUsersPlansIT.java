package dev.roster.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.roster.support.RosterExtension;
import dev.roster.user.Role;
import io.dropwizard.db.ManagedDataSource;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How PostgreSQL reads a page of 100,000 users, by its own account: the service's statements over its connections. */
class ListUsersPlansIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private static final UUID ANY_ID = UUID.fromString("80000000-0000-7000-8000-000000000000");

    private static @Nullable ManagedDataSource connections;

    @BeforeAll
    static void insertPeople() {
        ROSTER.jdbi().useHandle(handle -> {
            // Made anew over all rows, which takes a fraction of the time of adding to it row by row.
            String index = handle.createQuery("SELECT pg_get_indexdef('users_searched'::regclass)")
                    .mapTo(String.class)
                    .one();
            handle.execute("DROP INDEX users_searched");
            handle.execute("""
                    INSERT INTO users (id, name, email, role, password_hash, created_at, updated_at)
                    SELECT gen_random_uuid(),
                           (ARRAY['Juliet', 'Юлия', '太郎', 'Zoë', 'Ana'])[1 + i % 5] || ' ' || md5(i::text),
                           left(md5(i::text), 8) || i || '@example.com',
                           CASE WHEN i % 1000 = 0 THEN 'admin' ELSE 'user' END,
                           'x', to_timestamp(i), to_timestamp(i)
                      FROM generate_series(1, 100000) AS i
                    """);
            handle.execute(index);
            handle.execute("VACUUM ANALYZE users");
        });
        connections = ROSTER.support()
                .getConfiguration()
                .database()
                .queries()
                .build(ROSTER.support().getEnvironment().metrics(), "plans");
    }

    @AfterAll
    static void close() throws Exception {
        if (connections != null) {
            connections.stop();
        }
    }

    /** Common, rare and absent; of one and two characters, of none that trigrams know, of some. */
    static Stream<Arguments> searches() {
        List<String> pieces = List.of(
                "juliet",
                "example.com",
                "@example.com",
                "a",
                "e",
                "an",
                "ab",
                "zq",
                "q",
                "@",
                ".",
                "~",
                "@.",
                "o m",
                "ж",
                "юлия",
                "Ю",
                "郎",
                "太郎",
                "田中",
                "😀",
                "c4ca4238",
                "0@example.com",
                "z@example.com",
                "x~@example.com",
                "no such piece at all",
                "%",
                "_",
                "\\");
        return lists().flatMap(list -> pieces.stream().map(piece -> arguments(list.get()[0], list.get()[1], piece)));
    }

    static Stream<Arguments> lists() {
        return Arrays.stream(Sort.values())
                .flatMap(sort -> Stream.of(null, "user", "admin", "nobody").map(role -> arguments(sort, role)));
    }

    @ParameterizedTest
    @MethodSource("lists")
    void readsAPageInTheOrderOfAnIndex(Sort sort, @Nullable String role) {
        UserList list = new UserList(sort, role == null ? null : new Role(role), null);

        for (int limit : new int[] {2, 51, 201}) {
            assertThat(plan(new ListStatement(list, null, limit)))
                    .contains("Index")
                    .doesNotContain("Seq Scan", "Sort");
            assertThat(plan(new ListStatement(list, middle(sort), limit)))
                    .contains("Index Cond")
                    .doesNotContain("Seq Scan", "Sort");
        }
    }

    @ParameterizedTest
    @MethodSource("searches")
    void searchesByIndexesAlone(Sort sort, @Nullable String role, String text) {
        UserList list = new UserList(sort, role == null ? null : new Role(role), new Piece(text));

        for (ListPlace place : Arrays.asList(null, middle(sort))) {
            assertThat(plan(new ListStatement(list, place, 51)))
                    .contains("Index Only Scan", "Limit")
                    .doesNotContain("Seq Scan", "Gather");
        }
    }

    /** A stretch of the list is searched first; what it does not give, the index of pieces does. */
    @ParameterizedTest
    @EnumSource
    void findsARarePieceByItsOwnIndex(Sort sort) {
        for (String text : List.of("c4ca4238", "zq", "q", "田中", "ж", "~", "z@example.com", "no such piece at all")) {
            UserList list = new UserList(sort, null, new Piece(text));

            assertThat(plan(new ListStatement(list, null, 51))).contains("Bitmap Index Scan on users_searched");
        }
    }

    /** What logs somebody in, and what keeps an address from being taken twice. */
    @Test
    void looksAnAddressUpByItsIndex() {
        List<String> plan = ROSTER.jdbi().withHandle(handle -> handle.createQuery(
                        "EXPLAIN SELECT id FROM users WHERE email_key = lower(:email COLLATE \"C\")")
                .bind("email", "A@b.c")
                .mapTo(String.class)
                .list());

        assertThat(String.join("\n", plan)).contains("Index").doesNotContain("Seq Scan");
    }

    private static ListPlace middle(Sort sort) {
        return new ListPlace(sort.type().equals("text") ? "8" : "1970-01-01 14:00:00+00", ANY_ID);
    }

    private static String plan(ListStatement page) {
        return Jdbi.create(connections)
                .withHandle(handle -> String.join(
                        "\n",
                        page.bind(handle.createQuery("EXPLAIN " + page.sql()))
                                .mapTo(String.class)
                                .list()));
    }
}
