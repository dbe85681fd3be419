package dev.roster.command.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.command.reset.ResetRequests;
import dev.roster.mail.SentMails;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * An attacker, who cannot read the victim's mails, registers with the victim's address, logs in, and waits until the
 * victim proves the address or resets the password. With {@code EMAIL_VERIFICATION=optional}, whatever the attacker has
 * opened before is over then.
 *
 * <p>In <a href="https://github.com/keycloak/keycloak/issues/48206">keycloak 48206</a>, a login that the attacker keeps
 * open goes on after the victim's reset.
 */
class WaitingAttackerIT {
    private static final String ATTACKERS_PASSWORD = "Mallorys-Horse-7";
    private static final String VICTIMS_PASSWORD = "Victims-Horse-8";

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("MAIL", "mailbox")
            .with("MAIL_LINKS", "https://app.example.com")
            .with("EMAIL_VERIFICATION", "optional")
            .with("MAILS_PER_ADDRESS", "20");

    private final String email = Api.newEmail();
    private final Api api = ROSTER.api();
    private final VerificationRequests verification = new VerificationRequests(api);
    private final ResetRequests reset = new ResetRequests(api);
    private final SentMails mails = new SentMails(ROSTER);
    private final UUID id =
            UUID.fromString(api.register(Map.of("name", "Mallory", "email", email, "password", ATTACKERS_PASSWORD))
                    .expect(201)
                    .body()
                    .path("id")
                    .asText());
    private final TestSession attackers =
            TestSession.of(api.login(email, ATTACKERS_PASSWORD).expect(200));

    /** The attacker wants the account to have an address that is the attacker's. */
    private String pendingChange() {
        String wanted = Api.newEmail();
        UUID tokenId = UUID.randomUUID();
        ROSTER.jdbi().useHandle(handle -> {
            handle.execute("UPDATE users SET pending_email = ? WHERE id = ?", wanted, id);
            handle.execute("""
                    INSERT INTO mail_tokens (id, purpose, user_id, address, expires_at)
                    VALUES (?, 'change', ?, ?, now() + interval '1 hour')
                    """, tokenId, id, wanted);
        });
        return wanted;
    }

    private void attackerIsOut(String wanted) {
        api.get("/users/me", attackers.accessToken()).expectInvalidToken();
        api.refresh(attackers.refreshToken()).expectInvalidToken();
        boolean isChangeOver = ROSTER.jdbi().withHandle(handle -> handle.createQuery("""
                        SELECT pending_email IS NULL
                               AND NOT EXISTS (SELECT
                                                 FROM mail_tokens
                                                WHERE address = :wanted AND used_at IS NULL)
                          FROM users
                         WHERE id = :id
                        """)
                .bind("id", id)
                .bind("wanted", wanted)
                .mapTo(Boolean.class)
                .one());
        assertThat(isChangeOver).isTrue();
    }

    @Test
    void firstProofEndsWhatTheAttackerHasOpen() {
        String wanted = pendingChange();

        verification.confirm(mails.token(id)).expect(204);

        attackerIsOut(wanted);
    }

    @Test
    void resetEndsWhatTheAttackerHasOpenAndThePasswordToo() {
        String wanted = pendingChange();
        reset.request(email).expect(202);

        reset.confirm(mails.token(id), VICTIMS_PASSWORD).expect(204);

        attackerIsOut(wanted);
        api.login(email, ATTACKERS_PASSWORD).expectProblem(401, "invalid-credentials");
        api.login(email, VICTIMS_PASSWORD).expect(200);
    }

    /** As in the story: the reset first, then the link of the registration. */
    @Test
    void linkFromBeforeTheResetDoesNothing() {
        String verify = mails.token(id);
        reset.request(email).expect(202);
        reset.confirm(mails.token(id), VICTIMS_PASSWORD).expect(204);
        TestSession victims = TestSession.of(api.login(email, VICTIMS_PASSWORD).expect(200));

        verification.confirm(verify).expectInvalid("token");

        api.get("/users/me", victims.accessToken()).expect(200);
        api.get("/users/me", attackers.accessToken()).expectInvalidToken();
    }

    /** What this mode does not give: docs/security.md tells operators. */
    @Test
    void proofAloneLeavesTheAttackersPassword() {
        verification.confirm(mails.token(id)).expect(204);

        api.login(email, ATTACKERS_PASSWORD).expect(200);
    }
}
