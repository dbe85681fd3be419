package dev.roster.password;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Api;
import dev.roster.support.Reply;
import dev.roster.support.RosterProcess;
import dev.roster.support.TestDatabase;
import dev.roster.support.TestTokens;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.mindrot.jbcrypt.BCrypt;

class LeaksIT {
    private static final String PASSWORD = "Canary-Password-1";
    private static final String NEW_PASSWORD = "Canary-Password-2";
    private static final String WRONG_PASSWORD = "Canary-Password-3";
    private static final String DATABASE_PASSWORD = "Canary-Database-4";
    private static final String SECRET_KEY = "Canary-Secret-5-kYv83nZpLq0wEr7tXbMa";

    private final TestDatabase database = TestDatabase.migrated();
    private final List<Reply> replies = new ArrayList<>();
    private final Map<String, String> secrets = new LinkedHashMap<>();

    /** A7, L3: at the most talkative level neither log nor answer holds a secret, in the clear or hashed. */
    @Test
    void showsNoSecretAnywhere() throws Exception {
        String databaseUser = newDatabaseUser();
        secrets.put("database password", DATABASE_PASSWORD);
        secrets.put("secret key", SECRET_KEY);
        secrets.put("password", PASSWORD);
        secrets.put("new password", NEW_PASSWORD);
        secrets.put("wrong password", WRONG_PASSWORD);
        secrets.put("any hash", "$2a$04$");
        Map<String, String> variables = Map.of(
                "LOG_LEVEL", "TRACE",
                "JWT_SECRET_KEY", SECRET_KEY,
                "POSTGRES_USER", databaseUser,
                "POSTGRES_PASSWORD", DATABASE_PASSWORD);

        String output;
        try (RosterProcess process = RosterProcess.serve(database.variables(variables))) {
            callEverything(process.api());
            for (String path : List.of("/healthcheck", "/metrics?pretty=true", "/threads", "/ping", "/")) {
                replies.add(get(process.admin().base().resolve(path)));
            }
            process.signal("TERM");
            assertThat(process.exitCode()).isEqualTo(143);
            output = process.output() + process.errors();
        }

        assertThat(output).contains("TRACE", "DEBUG", "ACCESS", "violates check constraint");
        secrets.forEach((name, secret) -> {
            assertThat(output.contains(secret))
                    .as(name + " in the log: " + around(output, secret))
                    .isFalse();
            assertThat(replies).as(name).noneMatch(reply -> (reply.text() + reply.headers()).contains(secret));
        });
    }

    private void callEverything(Api api) {
        String email = "canary@example.com";
        Map<String, Object> body = Api.newBody(email);
        body.put("password", PASSWORD);
        keep(api.register(body), 201);
        keep(api.register(body), 409);
        body.put("email", "no address");
        keep(api.register(body), 422);
        keep(api.post("/auth/register", "{\"password\":\"" + PASSWORD + "\""), 400);
        keep(api.login(email, WRONG_PASSWORD), 401);
        keep(api.login("nobody@example.com", WRONG_PASSWORD), 401);
        String token = logIn(api, email, PASSWORD);
        String path = "/users/" + TestTokens.read(token).path("sub").asText();

        refresh(api, email, PASSWORD);
        keep(api.get(path + "/sessions", token), 200);
        keep(api.get(path, token), 200);
        keep(api.get(path + "?access_token=" + token, null), 401);
        keep(api.get("/users/" + UUID.randomUUID(), token), 404);
        keep(api.get(path, token + "x"), 401);
        keep(api.put(path, token, Map.of("name", "A Canary")), 200);
        keep(api.put(path, token, change(NEW_PASSWORD, WRONG_PASSWORD)), 403);
        keep(api.put(path, token, change(NEW_PASSWORD, PASSWORD)), 200);
        plant(email, "Canary-Hash-6");
        secrets.put("broken hash", "Canary-Hash-6");
        keep(api.login(email, NEW_PASSWORD), 401);
        plant(email, BCrypt.hashpw(NEW_PASSWORD, BCrypt.gensalt(4)));
        database.jdbi().useHandle(handle -> handle.execute("ALTER TABLE users ADD CHECK (name <> 'Refused')"));
        keep(api.put(path, token, Map.of("name", "Refused")), 500);
        body.putAll(Map.of("name", "Refused", "email", "refused@example.com"));
        keep(api.register(body), 500);
        keep(api.logout(token), 204);
        keep(api.get(path, token), 401);
        keep(api.delete(path, logIn(api, email, NEW_PASSWORD)), 204);
    }

    private String logIn(Api api, String email, String password) {
        String token = api.login(email, password)
                .expect(200)
                .body()
                .path("access_token")
                .asText();
        secrets.put("signature " + secrets.size(), token.substring(token.lastIndexOf('.') + 1));
        return token;
    }

    private void refresh(Api api, String email, String password) {
        String spent = refreshToken(api.login(email, password));
        String next = refreshToken(api.refresh(spent));
        assertThat(refreshToken(api.refresh(spent))).isEqualTo(next);
        keep(api.refresh(spent.replace(spent.charAt(30), '-')), 401);
        keep(api.refresh(spent + "x"), 401);
        database.jdbi().useHandle(handle -> handle.execute("DELETE FROM spent_refresh_tokens"));
        keep(api.refresh(spent), 401);
        keep(api.refresh(next), 401);
    }

    private String refreshToken(Reply reply) {
        String token = reply.expect(200).body().path("refresh_token").asText();
        secrets.put("refresh token " + secrets.size(), token.substring(24, 60));
        return token;
    }

    private void keep(Reply reply, int status) {
        replies.add(reply.expect(status));
    }

    private void plant(String email, String hash) {
        database.jdbi()
                .useHandle(handle -> handle.execute("UPDATE users SET password_hash = ? WHERE email = ?", hash, email));
    }

    private static Map<String, String> change(String password, String currentPassword) {
        return Map.of("password", password, "current_password", currentPassword);
    }

    /** Somebody whose password the server knows, and who may use this database. */
    private String newDatabaseUser() {
        String name = "canary_" + ManagementFactory.getRuntimeMXBean().getPid();
        Jdbi jdbi = database.jdbi();
        jdbi.useHandle(handle -> {
            handle.execute("DROP ROLE IF EXISTS " + name);
            handle.execute("CREATE ROLE " + name + " LOGIN SUPERUSER PASSWORD '" + DATABASE_PASSWORD + "'");
        });
        return name;
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
