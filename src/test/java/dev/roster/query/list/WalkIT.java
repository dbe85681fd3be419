package dev.roster.query.list;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.apikey.Scope;
import dev.roster.query.list.Listing.Person;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.http.AdminApi;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Follows the cursors of a list while others insert, change and delete users. */
class WalkIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private static final int STAYING = 300;
    private static final int WRITERS = 3;
    private static final int WRITES_PER_PAGE = 5;

    private final Listing listing = new Listing(ROSTER.api());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sort=created_at",
                "sort=-created_at",
                "sort=name",
                "sort=-name",
                "sort=email",
                "sort=-email",
                "sort=created_at&role=user",
                "sort=-name&role=user",
                "sort=email&q=@e",
                "sort=name&q=example",
                "sort=-created_at&q=m&role=user"
            })
    void usersWhoStayAreListedExactlyOnce(String list) throws Exception {
        walk(listing, list);
    }

    /** Those who stay are active or disabled throughout, and log in again meanwhile; the others change. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "sort=created_at&status=active",
                "sort=-name&status=active&role=user",
                "sort=name&status=disabled",
                "sort=-created_at&status=disabled&q=@e",
                "sort=email&created_from=2026-11-22T07:04:00Z&created_to=2026-11-22T07:05:00Z",
                "sort=-created_at&created_to=2026-11-22T07:05:00Z&status=active",
                "sort=-email&last_login_from=2026-11-01T00:00:00Z",
                "sort=name&last_login_to=2026-12-01T00:00:00Z&status=disabled&created_from=2026-11-22T07:04:00Z"
            })
    void usersWhoStayAreListedToOperatorsExactlyOnce(String list) throws Exception {
        walk(new Listing(new AdminApi(ROSTER.admin(), TestKeys.make(ROSTER.jdbi(), Scope.USERS_READ))), list);
    }

    private static void walk(Listing listing, String list) throws Exception {
        List<Person> staying = IntStream.range(0, STAYING)
                .mapToObj(i -> randomPerson(new Random(i), "stays" + i))
                .toList();
        Listing.insert(ROSTER.jdbi(), staying);
        ROSTER.jdbi().useHandle(handle -> {
            handle.execute("INSERT INTO last_logins SELECT id, '2026-11-10Z' FROM users");
            if (list.contains("status=disabled")) {
                handle.execute("UPDATE users SET disabled_at = now()");
            }
        });
        Semaphore writes = new Semaphore(WRITERS * WRITES_PER_PAGE);
        ExecutorService executor = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Future<Integer>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                writers.add(executor.submit(new Writer(i, writes)));
            }

            List<String> listed =
                    listing.walk("limit=7&" + list, "email", () -> writes.release(WRITERS * WRITES_PER_PAGE));

            writes.release(Writer.MAX_WRITES * WRITERS); // let each writer finish
            for (Future<Integer> writer : writers) {
                assertThat(writer.get(60, TimeUnit.SECONDS)).isPositive();
            }
            assertThat(listed.stream().filter(email -> email.startsWith("stays")))
                    .containsExactlyInAnyOrderElementsOf(Listing.emailsOf(staying));
        } finally {
            executor.shutdownNow();
        }
    }

    private static Person randomPerson(Random random, String localPart) {
        String name = Character.toString('a' + random.nextInt(26)) + random.nextInt(3);
        return Person.of(name, localPart + "@example.com")
                .createdAt(String.format("2026-11-22T07:04:%02d.%06dZ", random.nextInt(60), random.nextInt(3)));
    }

    /** Inserts and deletes users all around those that stay, and changes these without changing their sort keys. */
    private static final class Writer implements Callable<Integer> {
        static final int MAX_WRITES = 400;

        private final int number;
        private final Semaphore writes;
        private final Random random;
        private final List<Integer> here = new ArrayList<>();

        Writer(int number, Semaphore writes) {
            this.number = number;
            this.writes = writes;
            this.random = new Random(number);
        }

        /** @return the number of rows that it has written */
        @Override
        public Integer call() throws Exception {
            int rows = 0;
            try (Handle handle = ROSTER.jdbi().open()) {
                for (int i = 0; i < MAX_WRITES; i++) {
                    writes.acquire();
                    rows += write(handle, i);
                }
            }
            return rows;
        }

        private int write(Handle handle, int i) {
            return switch (random.nextInt(6)) {
                case 0 -> change(handle);
                case 1 -> delete(handle);
                case 2 -> logIn(handle);
                case 3 -> disable(handle);
                default -> insert(handle, i);
            };
        }

        private int insert(Handle handle, int i) {
            here.add(i);
            Person person = randomPerson(random, address(i));
            return handle.execute(
                    "INSERT INTO users (id, name, email, role, password_hash, created_at, updated_at)"
                            + " VALUES (CAST(? AS uuid), ?, ?, 'user', 'x', CAST(? AS timestamptz), now())",
                    person.id(),
                    person.name(),
                    person.email(),
                    person.createdAt());
        }

        // Moves the row within the table, and makes new index entries for it.
        private int change(Handle handle) {
            return handle.execute(
                    "UPDATE users SET name = upper(name), updated_at = now(), version = version + 1 WHERE email = ?",
                    "stays" + random.nextInt(STAYING) + "@example.com");
        }

        // Somebody who stays, at another time in November.
        private int logIn(Handle handle) {
            return handle.execute(
                    "UPDATE last_logins SET last_login_at = '2026-11-02Z'::timestamptz + random() * interval '20 days'"
                            + " WHERE user_id = (SELECT id FROM users WHERE email = ?)",
                    "stays" + random.nextInt(STAYING) + "@example.com");
        }

        private int disable(Handle handle) {
            return handle.execute("""
                    UPDATE users
                       SET disabled_at = CASE WHEN disabled_at IS NULL THEN now() END
                     WHERE id = (SELECT id FROM users WHERE email LIKE 'comes%' ORDER BY random() LIMIT 1)
                    """);
        }

        private int delete(Handle handle) {
            if (here.isEmpty()) {
                return 0;
            }
            Collections.swap(here, random.nextInt(here.size()), here.size() - 1);
            return handle.execute(
                    "DELETE FROM users WHERE email = ?", address(here.remove(here.size() - 1)) + "@example.com");
        }

        private String address(int i) {
            return "comes" + number + "." + i;
        }
    }
}
