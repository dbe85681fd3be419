package dev.roster.query.list;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.support.TestTokens;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Lists the users of a service, with a token whose user need not exist. Thread-safe. */
final class Listing {
    private static final int MAX_PAGES = 100_000;

    private final String token = TestTokens.sign(TestTokens.header(), TestTokens.claims(UUID.randomUUID()));
    private final Function<String, Reply> get;

    Listing(Api api) {
        this.get = query -> api.get("/users" + query, token);
    }

    /** Lists as operators do. */
    Listing(AdminApi admin) {
        this.get = query -> admin.get("/users" + query);
    }

    String token() {
        return token;
    }

    /** @param query as it is sent, with its question mark; may be empty */
    Reply get(String query) {
        return get.apply(query);
    }

    /** The e-mail addresses of a page, in order. */
    List<String> emails(String query) {
        return members(get(query).expect(200), "email");
    }

    static List<String> members(Reply page, String member) {
        List<String> members = new ArrayList<>();
        page.body().path("users").forEach(user -> members.add(user.path(member).textValue()));
        return members;
    }

    static @Nullable String nextCursor(Reply page) {
        JsonNode cursor = page.body().path("next_cursor");
        assertThat(page.body().has("next_cursor")).as(page.text()).isTrue();
        return cursor.textValue();
    }

    /** Follows the cursors of a list to its end and returns a member of each user. Runs an action between two pages. */
    List<String> walk(String query, String member, Runnable betweenPages) {
        Function<@Nullable String, String> page =
                cursor -> cursor == null ? "?" + query : "?" + query + "&cursor=" + cursor;
        List<String> members = new ArrayList<>();
        String cursor = null;
        for (int i = 0; i < MAX_PAGES; i++) {
            Reply reply = get(page.apply(cursor)).expect(200);
            members.addAll(members(reply, member));
            cursor = nextCursor(reply);
            if (cursor == null) {
                return members;
            }
            betweenPages.run();
        }
        throw new AssertionError("The list does not end");
    }

    List<String> walk(String query) {
        return walk(query, "email", () -> {});
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Replaces all users of the database. */
    static void insert(Jdbi jdbi, Collection<Person> people) {
        jdbi.useHandle(handle -> {
            handle.execute("DELETE FROM users");
            PreparedBatch batch = handle.prepareBatch("""
                    INSERT INTO users (id, name, email, role, password_hash, created_at, updated_at)
                    VALUES (CAST(:id AS uuid), :name, :email, :role, 'x',
                            CAST(:createdAt AS timestamptz), CAST(:createdAt AS timestamptz))
                    """);
            people.forEach(person -> batch.bind("id", person.id)
                    .bind("name", person.name)
                    .bind("email", person.email)
                    .bind("role", person.role)
                    .bind("createdAt", person.createdAt)
                    .add());
            batch.execute();
        });
    }

    /** A row of {@code users}. */
    record Person(String id, String name, String email, String role, String createdAt) {
        private static final String CREATED_AT = "2026-11-22T07:04:31.123456Z";

        static Person of(String name, String email) {
            return new Person(UUID.randomUUID().toString(), name, email, "user", CREATED_AT);
        }

        /** The address starts with the number. */
        static Person named(String name, int number) {
            return of(name, number + "@example.com");
        }

        Person withRole(String newRole) {
            return new Person(id, name, email, newRole, createdAt);
        }

        Person createdAt(String newCreatedAt) {
            return new Person(id, name, email, role, newCreatedAt);
        }

        Person withId(int number) {
            return new Person(String.format("00000000-0000-7000-8000-%012d", number), name, email, role, createdAt);
        }
    }

    static List<String> emailsOf(Collection<Person> people) {
        return people.stream().map(Person::email).collect(Collectors.toList());
    }
}
