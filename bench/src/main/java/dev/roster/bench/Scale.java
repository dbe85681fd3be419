package dev.roster.bench;

import dev.roster.apikey.Scope;
import dev.roster.profile.FilterIndexes;
import dev.roster.profile.ProfileFilter;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.TestTokens;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.mindrot.jbcrypt.BCrypt;
import org.postgresql.PGConnection;

/**
 * A running service with many users. Each user can log in with {@link Api#PASSWORD}. Half of the newest twentieth, and
 * one in 500 of the others, are disabled. Seven tenths have logged in, within the last 300 days, most of them lately.
 */
final class Scale implements AutoCloseable {
    static final String HASH = BCrypt.hashpw(Api.PASSWORD, BCrypt.gensalt(4));

    private static final int BATCH = 10_000;
    private static final List<String> FIRST_NAMES = List.of(
            "Juliet", "Romeo", "Anna", "Boris", "Carla", "Dmitri", "Elena", "Farid", "Greta", "Hassan", "Ines", "Jonas",
            "Kaito", "Lena", "Maria", "Nils", "Olga", "Paul", "Rosa", "Sven");
    private static final List<String> LAST_NAMES = List.of(
            "Ross", "Smith", "Meyer", "Tanaka", "Ivanova", "Okafor", "Garcia", "Silva", "Khan", "Novak", "Berg");
    private static final List<String> DOMAINS =
            List.of("example.com", "example.org", "corp.example.net", "gmail.com", "mail.test.de");

    private final int size;
    private final RosterExtension roster;
    private final Api api;
    private final AdminApi admin;

    private Scale(int size, RosterExtension roster) {
        this.size = size;
        this.roster = roster;
        this.api = roster.api();
        this.admin = new AdminApi(roster.admin(), TestKeys.make(roster.jdbi(), Scope.USERS_READ));
    }

    static Scale of(int size, PrintStream out) throws Exception {
        TestDatabase database = TestDatabase.migrated();
        new FilterIndexes(List.of(new ProfileFilter("city")))
                .migrate(database.jdbi().open().getConnection());
        long start = System.nanoTime();
        seed(database, size);
        out.printf("%,d users inserted by COPY in %.0f s%n", size, (System.nanoTime() - start) / 1e9);
        RosterExtension roster = new RosterExtension()
                .on(database)
                .with("USER_CACHE", "0")
                .with("API_KEY_REQUESTS", "0")
                .with("PROFILE_SCHEMA", schema())
                .with("DATABASE_SOCKET_TIMEOUT", "1s")
                .with("DATABASE_STATEMENT_TIMEOUT", "900ms")
                .with("DATABASE_POOL_WAIT", "500ms");
        roster.start();
        return new Scale(size, roster);
    }

    int size() {
        return size;
    }

    Api api() {
        return api;
    }

    String token() {
        return token(0);
    }

    /** A token of the user with this number. */
    String token(int number) {
        return TestTokens.sign(TestTokens.header(), TestTokens.claims(id(number)));
    }

    static String path(int number) {
        return "/users/" + id(number);
    }

    String path(Random random) {
        return path(random.nextInt(size));
    }

    String email(Random random) {
        return email(random.nextInt(size));
    }

    /** Reads a page of 50 and returns its next cursor. */
    @Nullable
    String list(String sort, String filter, @Nullable String cursor) {
        return next(50, sort, filter, cursor);
    }

    /** Reads a page of 50 as operators do, and returns its next cursor. */
    @Nullable
    String listForOperators(String sort, String filter, @Nullable String cursor) {
        Reply page = admin.get("/users?sort=" + sort + "&" + filter + (cursor == null ? "" : "&cursor=" + cursor));
        return page.expect(200).body().path("next_cursor").textValue();
    }

    /** Counts users as operators do. */
    long count(String filter) {
        return admin.get("/users/count?" + filter)
                .expect(200)
                .body()
                .path("count")
                .longValue();
    }

    /** Returns the cursor after this number of users. */
    @Nullable
    String cursorAfter(String sort, int users) {
        String cursor = null;
        for (int left = users; left > 0; left -= 200) {
            cursor = next(Math.min(left, 200), sort, "", cursor);
        }
        return cursor;
    }

    private @Nullable String next(int limit, String sort, String filter, @Nullable String cursor) {
        Reply page = api.get(
                "/users?limit=" + limit + "&sort=" + sort + (filter.isEmpty() ? "" : "&" + filter)
                        + (cursor == null ? "" : "&cursor=" + cursor),
                token());
        return page.expect(200).body().path("next_cursor").textValue();
    }

    @Override
    public void close() {
        roster.stop();
    }

    private static void seed(TestDatabase database, int size) throws Exception {
        try (Connection connection =
                DriverManager.getConnection(database.url(), database.user(), database.password())) {
            for (int from = 0; from < size; from += BATCH) {
                StringBuilder rows = new StringBuilder();
                for (int i = from; i < from + BATCH; i++) {
                    rows.append(row(i));
                }
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn(
                                "COPY users (id, name, email, role, password_hash, created_at, updated_at, profile)"
                                        + " FROM STDIN (FORMAT csv)",
                                new StringReader(rows.toString()));
            }
            Statement statement = connection.createStatement();
            statement.execute("UPDATE users SET disabled_at = now() WHERE random() < CASE"
                    + " WHEN created_at > to_timestamp(1700000000 + 0.95 * " + size + ") THEN 0.5 ELSE 0.002 END");
            statement.execute("INSERT INTO last_logins (user_id, last_login_at)"
                    + " SELECT id, now() - random() * random() * interval '300 days' FROM users WHERE random() < 0.7");
            statement.execute("VACUUM ANALYZE users");
            statement.execute("VACUUM ANALYZE last_logins");
        }
    }

    private static String row(int number) {
        Instant created = createdAt(number);
        String role = number % 1000 == 0 ? "admin" : "user";
        return String.join(
                        ",",
                        id(number).toString(),
                        name(number),
                        email(number),
                        role,
                        HASH,
                        created + "",
                        created + "",
                        profile(number))
                + "\n";
    }

    /** Half of the users live in Rome. One of 1,000 lives in Troy, and 100 next to each other in Thule. */
    private static String profile(int number) {
        String usual = number % 2 == 0 ? "Rome" : "Paris";
        String city = number / 100 == 700 ? "Thule" : number % 1000 == 500 ? "Troy" : usual;
        return "\"{\"\"city\"\": \"\"" + city + "\"\", \"\"theme\"\": \"\"dark\"\"}\"";
    }

    private static String schema() throws IOException {
        Path file = Files.createTempFile("schema", ".json");
        file.toFile().deleteOnExit();
        return Files.writeString(file, """
                        {"properties": {"city": {"type": "string", "x-filter": true}}}""").toString();
    }

    /** A UUID of version 7, with the number as the seed of its random part. */
    private static UUID id(int number) {
        long rest = new Random(number).nextLong() >>> 2;
        return new UUID(createdAt(number).toEpochMilli() << 16 | 0x7000L, 0x8000_0000_0000_0000L | rest);
    }

    private static Instant createdAt(int number) {
        return Instant.EPOCH.plusSeconds(1_700_000_000L + number);
    }

    private static String name(int number) {
        Random random = new Random(number);
        String first = number % 50_000 == 7 ? "Zaphod" : any(FIRST_NAMES, random);
        return first + " " + any(LAST_NAMES, random) + " " + number;
    }

    private static String email(int number) {
        String local = name(number).toLowerCase(Locale.ROOT).replace(' ', '.');
        return local + "@" + any(DOMAINS, new Random(number * 31L));
    }

    private static String any(List<String> values, Random random) {
        return values.get(random.nextInt(values.size()));
    }
}
