package dev.roster.password;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roster.apikey.Scope;
import dev.roster.support.TestKeys;
import dev.roster.support.TestTokens;
import dev.roster.support.database.PrivatePostgres;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.fault.Link;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import dev.roster.support.process.RosterProcess;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mindrot.jbcrypt.BCrypt;

/** A7, L3: at the log level TRACE neither logs nor responses contain a secret, in the clear, hashed or encoded. */
class LeaksIT {
    // Contains characters that URLs, JSON and SQL encode.
    private static final String PASSWORD = "Canary-\"Password\"+1&%";
    private static final String NEW_PASSWORD = "Canary-Password-2";
    private static final String WRONG_PASSWORD = "Canary-Password-3";
    private static final String DATABASE_PASSWORD = "Canary-Database-4";
    private static final String SECRET_KEY = "Canary-Secret-5-kYv83nZpLq0wEr7tXbMa";
    private static final String EMAIL = "canary@example.com";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final PrivatePostgres POSTGRES = new PrivatePostgres();

    private final TestDatabase database = TestDatabase.migrated(POSTGRES);
    private final Link link = Link.to(database.url());
    private final List<Reply> replies = new ArrayList<>();
    private final Map<String, String> secrets = new LinkedHashMap<>(Map.of(
            "database password", DATABASE_PASSWORD,
            "secret key", SECRET_KEY,
            "password", PASSWORD,
            "new password", NEW_PASSWORD,
            "wrong password", WRONG_PASSWORD,
            "any hash", "$2a$04$"));

    @BeforeAll
    static void addUser() {
        POSTGRES.addUser("canary", DATABASE_PASSWORD);
        Jdbi.create(POSTGRES.url(), "postgres", "").useHandle(handle -> handle.execute("ALTER ROLE canary SUPERUSER"));
    }

    @AfterAll
    static void stop() {
        POSTGRES.close();
    }

    @AfterEach
    void close() {
        link.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void requestsLeakNoSecret(String logFormat) throws Exception {
        String output;
        try (RosterProcess process = RosterProcess.serve(variables(Map.of("LOG_FORMAT", logFormat)))) {
            callEverything(process.api());
            callOperators(process.admin().base());
            link.cut();
            callWithoutDatabase(process.api());
            for (String path :
                    List.of("/healthcheck", "/metrics?pretty=true", "/prometheus", "/threads", "/ping", "/")) {
                replies.add(get(process.admin().base().resolve(path)));
            }
            process.signal("TERM");
            assertThat(process.exitCode()).isEqualTo(143);
            output = process.output() + process.errors();
        }

        assertThat(output)
                .contains(
                        "TRACE",
                        "DEBUG",
                        logFormat.equals("json") ? "\"access\"" : "ACCESS",
                        "violates check constraint",
                        "does not answer");
        if (logFormat.equals("json")) {
            assertThat(output.lines())
                    .allSatisfy(
                            line -> assertThat(JSON.readTree(line).isObject()).isTrue());
        }
        expectNoSecretIn(output);
        expectNoSecretIn(replies.toString());
    }

    @Test
    void commandsLeakNoSecret() {
        secrets.put("short key", "Canary-Short-7");
        secrets.put("wrong database password", "Canary-Database-8");
        String badUrl = database.url() + "?user=x&password=Canary-Url-9&socketTimeout=0";
        secrets.put("password in a URL", "Canary-Url-9");

        expectNoSecretIn(run(0, Map.of(), "db", "migrate", "config.yml"));
        expectNoSecretIn(run(0, Map.of(), "db", "status", "config.yml"));
        for (String command : List.of("server config.yml", "db migrate config.yml")) {
            String[] arguments = command.split(" ");
            expectNoSecretIn(run(1, Map.of("POSTGRES_PASSWORD", "Canary-Database-8"), arguments));
            expectNoSecretIn(run(1, Map.of("JWT_SECRET_KEY", "Canary-Short-7"), arguments));
            expectNoSecretIn(run(1, Map.of("DATABASE_URL", badUrl), arguments));
            expectNoSecretIn(run(1, Map.of("BCRYPT_COST", "twelve"), arguments));
        }
    }

    private String run(int exitCode, Map<String, String> variables, String... arguments) {
        try (RosterProcess process = RosterProcess.start(variables(variables), arguments)) {
            assertThat(process.exitCode()).as(process.toString()).isEqualTo(exitCode);
            return process.output() + process.errors();
        }
    }

    private Map<String, String> variables(Map<String, String> more) {
        Map<String, String> variables = database.variables(Map.of(
                "LOG_LEVEL",
                "TRACE",
                "DATABASE_URL",
                link.url(),
                "DATABASE_SOCKET_TIMEOUT",
                "2s",
                "DATABASE_STATEMENT_TIMEOUT",
                "1900ms",
                "JWT_SECRET_KEY",
                SECRET_KEY,
                "POSTGRES_USER",
                "canary",
                "POSTGRES_PASSWORD",
                DATABASE_PASSWORD));
        variables.putAll(more);
        return variables;
    }

    private void callEverything(Api api) {
        Map<String, Object> body = Api.newBody(EMAIL);
        body.put("password", PASSWORD);
        keep(api.register(body), 201);
        keep(api.register(body), 409);
        body.put("email", "no address");
        keep(api.register(body), 422);
        keep(api.post("/auth/register", "{\"password\":\"" + PASSWORD), 400);
        keep(api.login(EMAIL, WRONG_PASSWORD), 401);
        keep(api.login("nobody@example.com", WRONG_PASSWORD), 401);
        String token = logIn(api, PASSWORD);
        String path = "/users/" + TestTokens.read(token).path("sub").asText();

        refresh(api);
        keep(api.get("/users", token), 200);
        keep(api.get("/users?q=" + WRONG_PASSWORD, token), 200);
        keep(api.get("/users?cursor=" + WRONG_PASSWORD, token), 422);
        keep(api.get("/users/me", token), 200);
        keep(api.get(path + "/sessions", token), 200);
        keep(api.get(path, token), 200);
        keep(api.get(path + "?access_token=" + token, null), 401);
        keep(api.get("/users/" + UUID.randomUUID(), token), 404);
        keep(api.get(path, token + "x"), 401);
        keep(api.send(api.request(path).header("Authorization", "Basic " + base64(EMAIL + ":" + PASSWORD))), 401);
        keep(api.put(path, token, Map.of("name", "A Canary")), 200);
        keep(api.put(path, token, Map.of("name", "A Canary"), "\"1\""), 412);
        keep(api.put(path, token, change(NEW_PASSWORD, WRONG_PASSWORD)), 403);
        keep(api.put(path, token, change("q".repeat(73) + WRONG_PASSWORD, PASSWORD)), 422);
        keep(api.put(path, token, change(NEW_PASSWORD, PASSWORD)), 200);
        plant("Canary-Hash-6");
        secrets.put("broken hash", "Canary-Hash-6");
        keep(api.login(EMAIL, NEW_PASSWORD), 401);
        plant(BCrypt.hashpw(NEW_PASSWORD, BCrypt.gensalt(4)));
        breakConstraints(api, path, token);
        keep(api.delete(path + "/sessions/" + UUID.randomUUID(), token), 404);
        keep(api.logout(token), 204);
        keep(api.get(path, token), 401);
        keep(api.delete(path, logIn(api, NEW_PASSWORD)), 204);
    }

    /** Makes the database refuse rows: its error messages contain them. */
    private void breakConstraints(Api api, String path, String token) {
        database.jdbi().useHandle(handle -> handle.execute("ALTER TABLE users ADD CHECK (name <> 'Refused')"));
        keep(api.put(path, token, Map.of("name", "Refused")), 500);
        Map<String, Object> body = Api.newBody("refused@example.com");
        body.putAll(Map.of("name", "Refused", "password", PASSWORD));
        keep(api.register(body), 500);
        database.jdbi().useHandle(handle -> handle.execute("ALTER TABLE sessions ADD CHECK (user_agent <> 'refused')"));
        keep(
                api.send(api.request("/auth/login")
                        .header("Content-Type", "application/json")
                        .header("User-Agent", "refused")
                        .POST(BodyPublishers.ofString(
                                TestTokens.json(Map.of("email", EMAIL, "password", NEW_PASSWORD))))),
                500);
        String refreshToken = refreshToken(api.login(EMAIL, NEW_PASSWORD));
        keep(
                api.send(api.request("/auth/refresh")
                        .header("Content-Type", "application/json")
                        .header("User-Agent", "refused")
                        .POST(BodyPublishers.ofString(TestTokens.json(Map.of("refresh_token", refreshToken))))),
                500);
        keepHashes();
    }

    private void callOperators(URI adminPort) {
        String key = TestKeys.make(database.jdbi(), Scope.KEYS);
        secrets.put("API key", key.substring(16));
        AdminApi admin = new AdminApi(adminPort, key);
        keep(admin.get("/keys"), 200);
        // This one answer shows the new key.
        Reply made = admin.post("/keys", Map.of("name", "a", "scopes", List.of("keys")))
                .expect(201);
        String madeKey = made.body().path("key").asText();
        secrets.put("new API key", madeKey.substring(16));
        keep(admin.with(madeKey).get("/keys"), 200);
        keep(admin.with(madeKey + "x").get("/keys"), 401);
        keep(admin.get("/keys?key=" + madeKey), 200);
        keep(admin.delete("/keys/" + TestKeys.id(madeKey)), 204);
        keep(admin.with(madeKey).get("/keys"), 401);
    }

    private void callWithoutDatabase(Api api) {
        Map<String, Object> body = Api.newBody("late@example.com");
        body.put("password", PASSWORD);
        keep(api.register(body), 503);
        keep(api.login(EMAIL, PASSWORD), 503);
        keep(api.refresh(secrets.getOrDefault("whole refresh token", "")), 503);
        // Signed with the right key, and not revoked.
        Map<String, Object> header = TestTokens.header();
        Map<String, Object> claims = TestTokens.claims(UUID.randomUUID());
        String token = TestTokens.sign(TestTokens.json(header), TestTokens.json(claims), SECRET_KEY, "HmacSHA256");
        keep(api.get("/users/" + UUID.randomUUID(), token), 503);
        keep(api.logout(token), 503);
        secrets.put("signature without database", token.substring(token.lastIndexOf('.') + 1));
    }

    private String logIn(Api api, String password) {
        String token = keepToken(api.login(EMAIL, password));
        keepHashes();
        return token;
    }

    private void refresh(Api api) {
        String spent = refreshToken(api.login(EMAIL, PASSWORD));
        String next = refreshToken(api.refresh(spent));
        assertThat(refreshToken(api.refresh(spent))).isEqualTo(next);
        keepHashes();
        keep(api.refresh(spent.replace(spent.charAt(30), '-')), 401);
        keep(api.refresh(spent + "x"), 401);
        database.jdbi().useHandle(handle -> handle.execute("DELETE FROM spent_refresh_tokens"));
        keep(api.refresh(spent), 401);
        keep(api.refresh(next), 401);
    }

    private String refreshToken(Reply reply) {
        String unused = keepToken(reply);
        String token = reply.body().path("refresh_token").asText();
        secrets.put("whole refresh token", token);
        secrets.put("refresh token " + secrets.size(), token.substring(24, 60));
        return token;
    }

    private String keepToken(Reply reply) {
        String token = reply.expect(200).body().path("access_token").asText();
        secrets.put("signature " + secrets.size(), token.substring(token.lastIndexOf('.') + 1));
        return token;
    }

    /** Adds the hashes in the database to the secrets. */
    private void keepHashes() {
        List<String> hashes = database.jdbi()
                .withHandle(
                        handle -> handle.createQuery("""
                        SELECT right(password_hash, 31) FROM users
                        UNION ALL SELECT refresh_token_hash FROM sessions
                        UNION ALL SELECT hash FROM spent_refresh_tokens
                        UNION ALL SELECT successor_salt FROM spent_refresh_tokens
                        """).mapTo(String.class).list());
        assertThat(hashes).hasSizeGreaterThan(1);
        hashes.forEach(hash -> secrets.put("hash " + hash, hash));
    }

    private void keep(Reply reply, int status) {
        replies.add(reply.expect(status));
    }

    private void plant(String hash) {
        database.jdbi()
                .useHandle(handle -> handle.execute("UPDATE users SET password_hash = ? WHERE email = ?", hash, EMAIL));
    }

    private void expectNoSecretIn(String output) {
        secrets.forEach((name, secret) -> forms(secret).forEach(form -> assertThat(output.contains(form))
                .as(name + ": " + around(output, form))
                .isFalse()));
    }

    /** The ways in which a secret may be encoded. */
    private static Set<String> forms(String secret) {
        Set<String> forms = new LinkedHashSet<>();
        forms.add(secret);
        forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
        String json = TestTokens.json(secret);
        forms.add(json.substring(1, json.length() - 1));
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        forms.add(HexFormat.of().formatHex(bytes));
        forms.add(Arrays.toString(bytes).replaceAll("[\\[\\]]", ""));
        for (int before = 0; before < 3; before++) { // bytes that precede it in the same base64 text
            byte[] shifted = new byte[before + bytes.length];
            System.arraycopy(bytes, 0, shifted, before, bytes.length);
            int start = before == 0 ? 0 : before + 1;
            int end = shifted.length * 8 / 6;
            forms.add(Base64.getEncoder().encodeToString(shifted).substring(start, end));
            forms.add(Base64.getUrlEncoder().encodeToString(shifted).substring(start, end));
        }
        return forms;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, String> change(String password, String currentPassword) {
        return Map.of("password", password, "current_password", currentPassword);
    }

    private static Reply get(URI uri) throws Exception {
        var response =
                HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        return new Reply(response.statusCode(), response.headers(), response.body());
    }

    private static String around(String output, String secret) {
        int at = output.indexOf(secret);
        return at < 0 ? "" : output.substring(Math.max(0, at - 300), Math.min(output.length(), at + 100));
    }
}
