package dev.roster.mail.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.mail.SentMails;
import dev.roster.mail.TestMails;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who has a copy of the database opens no account with it: no table has a token, a part of one, or a hash of one. */
class DatabaseCopyIT {
    private static final int ID_BYTES = 16;

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("MAIL", "mailbox")
            .with("MAIL_LINKS", "https://example.org/account")
            .with("EMAIL_VERIFICATION", "required");

    private final Api api = ROSTER.api();
    private final Jdbi jdbi = ROSTER.jdbi();
    private final SentMails sent = new SentMails(ROSTER);
    private final TestMails mails = new TestMails(jdbi);

    @Test
    void databaseHasNoTokenOfALink() throws NoSuchAlgorithmException {
        makeTokens();
        makeMailsInAllStates();
        List<LiveToken> tokens = liveTokens();
        assertThat(tokens)
                .extracting(LiveToken::purpose)
                .contains("verify of a registration", "verify", "reset", "change", "revert");

        String dump = dump();

        for (LiveToken token : tokens) {
            assertThat(dump).as(token.purpose()).contains(token.id().toString(), token.address());
            for (String form : forms(token.text())) {
                assertThat(dump.contains(form))
                        .as("%s: %s", token.purpose(), form)
                        .isFalse();
            }
        }
        String reset = tokens.stream()
                .filter(token -> token.purpose().equals("reset"))
                .findAny()
                .orElseThrow()
                .text();
        api.post("/auth/password-reset/confirm", Map.of("token", reset, "password", "Another-Horse-9"))
                .expect(204); // the tokens are those that work
    }

    /** Makes a token of each purpose, as people do. */
    private void makeTokens() {
        String unproven = register();
        assertThat(sent.tokenTo(unproven)).isNotEmpty();
        String email = register();
        UUID userId = UUID.fromString(
                api.post("/auth/verification/confirm", Map.of("token", sent.tokenTo(email), "password", Api.PASSWORD))
                        .expect(201)
                        .body()
                        .path("id")
                        .asText());
        mails.change("UPDATE users SET email_verified_at = NULL WHERE id = ?", userId);
        api.post("/auth/verification", Map.of("email", email)).expect(202);
        api.post("/auth/password-reset", Map.of("email", email)).expect(202);
        api.put(
                        "/users/" + userId,
                        api.newToken(email),
                        Map.of("email", Api.newEmail(), "current_password", Api.PASSWORD))
                .expect(200);
    }

    private String register() {
        String email = Api.newEmail();
        api.post("/auth/register", Map.of("name", "A Person", "email", email, "password", Api.PASSWORD))
                .expect(202);
        return email;
    }

    private void makeMailsInAllStates() {
        for (String state : List.of("due", "sent", "failed", "dropped")) {
            mails.change("""
                    INSERT INTO mails (id, kind, user_id, address, token_id, next_at, state, failure, sent_at)
                    SELECT gen_random_uuid(), 'password_reset', user_id, address, id, now() + interval '1 hour', ?,
                           'smtp-451', CASE WHEN ? = 'sent' THEN now() END
                      FROM mail_tokens
                     WHERE purpose = 'reset' AND used_at IS NULL
                    """, state, state);
        }
    }

    private List<LiveToken> liveTokens() {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT id, purpose, address, pending_id IS NOT NULL AS is_pending
                          FROM mail_tokens
                         WHERE used_at IS NULL AND address <> ''
                        """)
                .map((row, context) -> {
                    UUID id = row.getObject("id", UUID.class);
                    String purpose = row.getString("purpose");
                    String address = row.getString("address");
                    return new LiveToken(
                            id,
                            purpose + (row.getBoolean("is_pending") ? " of a registration" : ""),
                            address,
                            sent.text(id, purpose, address));
                })
                .list());
    }

    /** All rows of all tables. */
    private String dump() {
        return jdbi.withHandle(handle -> {
            List<String> tables = handle.createQuery("""
                            SELECT format('%I.%I', table_schema, table_name)
                              FROM information_schema.tables
                             WHERE table_type = 'BASE TABLE'
                               AND table_schema NOT IN ('pg_catalog', 'information_schema')
                            """).mapTo(String.class).list();
            List<String> rows = new ArrayList<>();
            for (String table : tables) {
                rows.addAll(handle.createQuery("SELECT entry::text FROM " + table + " AS entry")
                        .mapTo(String.class)
                        .list());
            }
            return String.join("\n", rows);
        });
    }

    /** The texts that would be in a dump if it had the token, its MAC, or a hash of one of them. */
    private static List<String> forms(String token) throws NoSuchAlgorithmException {
        byte[] bytes = Base64.getUrlDecoder().decode(token);
        byte[] mac = Arrays.copyOfRange(bytes, ID_BYTES, bytes.length);
        List<String> forms = new ArrayList<>(List.of(token, token.substring(token.length() - 20)));
        for (byte[] secret :
                List.of(mac, sha256(token.getBytes(StandardCharsets.US_ASCII)), sha256(bytes), sha256(mac))) {
            forms.addAll(formsOf(secret));
        }
        return forms;
    }

    private static List<String> formsOf(byte[] secret) {
        String hex = HexFormat.of().formatHex(secret, 4, 12);
        // In base64, the text of some bytes depends on where they begin in a group of three.
        Stream<String> encoded = Stream.of(0, 1, 2)
                .map(from -> Arrays.copyOfRange(secret, from, from + 15))
                .flatMap(part -> Stream.of(
                        Base64.getEncoder().encodeToString(part),
                        Base64.getUrlEncoder().encodeToString(part)));
        return Stream.concat(Stream.of(hex, hex.toUpperCase(Locale.ROOT)), encoded)
                .toList();
    }

    private static byte[] sha256(byte[] bytes) throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    /** A token that works. */
    private record LiveToken(UUID id, String purpose, String address, String text) {}
}
