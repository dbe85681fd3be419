package dev.roster.password;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mindrot.jbcrypt.BCrypt;
import org.slf4j.LoggerFactory;

class PasswordsIT {
    private static final int COST = 5;

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().with("BCRYPT_COST", Integer.toString(COST));

    private final Api api = ROSTER.api();
    private final Api.TestUser user = api.newUser();

    /** A1 */
    @ParameterizedTest
    @ValueSource(strings = {"qzvkwmxj", "        ", "😀🐎🔋🖇🎩🧦🪣🧊", "パスワードはこれです", " qzvkwmxj "})
    void anyLongEnoughPasswordWorks(String password) {
        String email = register(password);

        api.login(email, password).expect(200);
        api.login(email, password + " ").expectProblem(401, "invalid-credentials");
        api.login(email, " " + password.strip()).expectProblem(401, "invalid-credentials");
    }

    /** A3 */
    @Test
    void passwordsThatBcryptWouldTruncateAreRefused() {
        String longest = "😀".repeat(18); // 72 bytes
        String email = register(longest);

        api.login(email, longest).expect(200);
        for (String more : List.of("A", "B", "😀", "😀".repeat(46))) {
            api.login(email, longest + more).expectProblem(401, "invalid-credentials");
            api.register(body(Api.newEmail(), longest + more)).expectInvalid("password");
        }
        api.login(email, "😀".repeat(17)).expectProblem(401, "invalid-credentials");
    }

    /** A4: {@code x}, {@code x␀x}, {@code x␀}, null, "null", a lone surrogate and its question mark. */
    @Test
    void differentPasswordsDoNotMatch() {
        List<String> typed = List.of(
                "\"Qzvkwmxj\"",
                "\"Qzvkwmxj\\u0000Qzvkwmxj\"",
                "\"Qzvkwmxj\\u0000\"",
                "null",
                "\"null\"",
                "\"Qzvkwmxj\\ud800\"",
                "\"Qzvkwmxj?\"");
        Map<String, String> stored = new LinkedHashMap<>();
        stored.put("\"Qzvkwmxj\"", "Qzvkwmxj");
        stored.put("\"null\"", "null");
        stored.put("\"Qzvkwmxj?\"", "Qzvkwmxj?");
        stored.forEach((own, password) -> {
            plant(BCrypt.hashpw(password, BCrypt.gensalt(4)));
            for (String other : typed) {
                Reply reply =
                        api.post("/auth/login", "{\"email\":\"" + user.email() + "\",\"password\":" + other + "}");
                if (other.equals("null")) {
                    reply.expectInvalid("password");
                } else if (other.equals(own)) {
                    reply.expect(200);
                } else {
                    reply.expectProblem(401, "invalid-credentials");
                }
            }
        });
    }

    /** A4 */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"Qzvkwmxj\\u0000Qzvkwmxj\"",
                "\"Qzvkwmxj\\u0000\"",
                "null",
                "\"null\"",
                "\"Qzvkwmxj\\ud800\"",
                "\"\\udc00Qzvkwmxj\""
            })
    void passwordsThatBcryptWouldConfuseAreRefused(String password) {
        api.post(
                        "/auth/register",
                        "{\"name\":\"A Person\",\"email\":\"" + Api.newEmail() + "\",\"password\":" + password + "}")
                .expectInvalid("password");
        api.put(
                        user.path(),
                        user.token(),
                        "{\"password\":" + password + ",\"current_password\":\"" + Api.PASSWORD + "\"}")
                .expectInvalid("password");
        api.login(user.email(), Api.PASSWORD).expect(200);
    }

    /** A5 */
    @Test
    void composedAndDecomposedFormsAreEqual() {
        String composed = "caf\u00e9-qzvk-\u1e69";
        String decomposed = "cafe\u0301-qzvk-s\u0307\u0323"; // the marks in the opposite order

        for (String chosen : List.of(composed, decomposed)) {
            String email = register(chosen);
            api.login(email, composed).expect(200);
            api.login(email, decomposed).expect(200);
            api.login(email, "cafe-qzvk-s").expectProblem(401, "invalid-credentials");
        }
    }

    /** A2 */
    @ParameterizedTest
    @ValueSource(strings = {"password", "PassWord", "12345678", "A Person", "a PERSON", "{email}", "{EMAIL}"})
    void commonAndPersonalPasswordsAreRefused(String pattern) {
        String email = Api.newEmail();
        api.register(body(email, fill(pattern, email))).expectInvalid("password");

        api.put(user.path(), user.token(), change(fill(pattern, user.email()), Api.PASSWORD))
                .expectInvalid("password");
        api.login(user.email(), Api.PASSWORD).expect(200);
    }

    /** A2 */
    @ParameterizedTest
    @CsvSource({"name, Somebody Else, Somebody Else", "email, new-one@example.com, new-one@example.com"})
    void newNameOrAddressOfTheSameRequestIsRefused(String member, String value, String password) {
        Map<String, Object> changes = new LinkedHashMap<>(change(password, Api.PASSWORD));
        changes.put(member, value);

        api.put(user.path(), user.token(), changes).expectInvalid("password");
    }

    /** A6: a login replaces a hash that has another prefix or a lower cost. */
    @ParameterizedTest
    @CsvSource({"$2a$, 4, true", "$2a$, 5, false", "$2a$, 6, false", "$2b$, 5, true", "$2y$, 5, true", "$2y$, 4, true"})
    void hashesOfOtherPrefixesAndCostsWork(String name, int cost, boolean renewed) {
        String planted = BCrypt.hashpw(Api.PASSWORD, BCrypt.gensalt(cost)).replace("$2a$", name);
        plant(planted);
        String tag = tag();

        api.login(user.email(), "wrong").expectProblem(401, "invalid-credentials");
        assertThat(hash()).isEqualTo(planted);
        api.login(user.email(), Api.PASSWORD).expect(200);

        if (renewed) {
            assertThat(hash()).isNotEqualTo(planted).startsWith("$2a$05$");
        } else {
            assertThat(hash()).isEqualTo(planted);
        }
        assertThat(tag()).isEqualTo(tag);
        api.login(user.email(), Api.PASSWORD).expect(200);
        api.login(user.email(), "wrong").expectProblem(401, "invalid-credentials");
        api.get(user.path(), user.token()).expect(200);
    }

    /** A6: the log tells operators about the malformed hash. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "x",
                "$2a$05$",
                "$2a$05$KbQiXY0c8JzWvLQ0hXnU8uX7mY1TPnGmR8lOoVqzYtJ0b2v",
                "$2x$05$KbQiXY0c8JzWvLQ0hXnU8uX7mY1TPnGmR8lOoVqzYtJ0b2vW5cDe.",
                "$2a$31$KbQiXY0c8JzWvLQ0hXnU8uX7mY1TPnGmR8lOoVqzYtJ0b2vW5cDe.",
                "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$c29tZWhhc2g",
                "Correct-Horse-9"
            })
    void malformedHashMatchesNothing(String broken) {
        plant(broken);
        Logger logger = (Logger) LoggerFactory.getLogger(PasswordHasher.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try {
            api.login(user.email(), Api.PASSWORD).expectProblem(401, "invalid-credentials");
            api.login(user.email(), broken).expectProblem(401, "invalid-credentials");
            api.put(user.path(), user.token(), change("Another-Horse-9", Api.PASSWORD))
                    .expectProblem(403, "forbidden");
        } finally {
            logger.detachAppender(log);
        }

        assertThat(hash()).isEqualTo(broken);
        assertThat(log.list).hasSize(3).allSatisfy(event -> assertThat(event.getLevel())
                .isEqualTo(Level.ERROR));
    }

    private String register(String password) {
        String email = Api.newEmail();
        api.register(body(email, password)).expect(201);
        return email;
    }

    private static Map<String, Object> body(String email, String password) {
        Map<String, Object> body = Api.newBody(email);
        body.put("password", password);
        return body;
    }

    private static Map<String, Object> change(String password, String currentPassword) {
        return Map.of("password", password, "current_password", currentPassword);
    }

    private static String fill(String pattern, String email) {
        return pattern.replace("{email}", email).replace("{EMAIL}", email.toUpperCase(Locale.ROOT));
    }

    private void plant(String hash) {
        ROSTER.jdbi()
                .useHandle(
                        handle -> handle.execute("UPDATE users SET password_hash = ? WHERE id = ?", hash, user.id()));
    }

    private String hash() {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery("SELECT password_hash FROM users WHERE id = ?")
                .bind(0, user.id())
                .mapTo(String.class)
                .one());
    }

    private String tag() {
        return String.valueOf(api.get(user.path(), user.token()).expect(200).header("ETag"));
    }
}
