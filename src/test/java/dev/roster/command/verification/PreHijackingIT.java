package dev.roster.command.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.mail.SentMails;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * An attacker, who cannot read the victim's mails, registers with the victim's address; so does the victim, who proves
 * the address. With {@code EMAIL_VERIFICATION=required}, the attacker gains nothing.
 *
 * <p>In <a href="https://github.com/better-auth/better-auth/issues/11023">better-auth 11023</a>, the victim asks for
 * the mail again and confirms. This verifies the attacker's account, with the attacker's password.
 */
class PreHijackingIT {
    private static final String ATTACKERS_PASSWORD = "Mallorys-Horse-7";
    private static final String VICTIMS_PASSWORD = "Victims-Horse-8";

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("MAIL", "mailbox")
            .with("MAIL_LINKS", "https://app.example.com")
            .with("EMAIL_VERIFICATION", "required")
            .with("MAILS_PER_ADDRESS", "20");

    private final String email = Api.newEmail();
    private final Api api = ROSTER.api();
    private final VerificationRequests verification = new VerificationRequests(api);
    private final SentMails mails = new SentMails(ROSTER);

    private String register(String name, String password) {
        api.register(Map.of("name", name, "email", email, "password", password)).expect(202);
        return mails.tokenTo(email);
    }

    private void onlyTheVictimGetsIn() {
        api.login(email, ATTACKERS_PASSWORD).expectProblem(401, "invalid-credentials");
        assertThat(api.login(email, VICTIMS_PASSWORD)
                        .expect(200)
                        .body()
                        .at("/user/name")
                        .asText())
                .isEqualTo("Victim");
    }

    @Test
    void victimWhoAsksForTheMailAgainConfirmsTheirOwnRegistration() {
        String attackers = register("Mallory", ATTACKERS_PASSWORD);
        register("Victim", VICTIMS_PASSWORD);
        verification.request(email).expect(202);

        verification.confirm(mails.tokenTo(email), VICTIMS_PASSWORD).expect(201);

        onlyTheVictimGetsIn();
        verification.confirm(attackers, ATTACKERS_PASSWORD).expectInvalid("token");
    }

    @Test
    void victimWhoOpensTheAttackersLinkConfirmsNothing() {
        String attackers = register("Mallory", ATTACKERS_PASSWORD);
        String victims = register("Victim", VICTIMS_PASSWORD);

        verification.confirm(attackers, VICTIMS_PASSWORD).expectProblem(401, "invalid-credentials");

        api.login(email, ATTACKERS_PASSWORD).expectProblem(401, "invalid-credentials");
        verification.confirm(victims, VICTIMS_PASSWORD).expect(201);
        onlyTheVictimGetsIn();
    }

    /** The mail that the victim requests again is for the attacker's registration, which is the latest. */
    @Test
    void attackerWhoRegistersLaterGainsNothing() {
        String victims = register("Victim", VICTIMS_PASSWORD);
        register("Mallory", ATTACKERS_PASSWORD);
        verification.request(email).expect(202);

        verification.confirm(mails.tokenTo(email), VICTIMS_PASSWORD).expectProblem(401, "invalid-credentials");

        api.login(email, ATTACKERS_PASSWORD).expectProblem(401, "invalid-credentials");
        verification.confirm(victims, VICTIMS_PASSWORD).expect(201);
        onlyTheVictimGetsIn();
    }

    /** The attacker's registrations displace the victim's. The victim registers once more. */
    @Test
    void attackerWhoRegistersManyTimesGainsNothing() {
        String displaced = register("Victim", VICTIMS_PASSWORD);
        for (int i = 0; i < 6; i++) {
            register("Mallory", ATTACKERS_PASSWORD);
        }
        verification.confirm(displaced, VICTIMS_PASSWORD).expectInvalid("token");

        verification
                .confirm(register("Victim", VICTIMS_PASSWORD), VICTIMS_PASSWORD)
                .expect(201);

        onlyTheVictimGetsIn();
    }

    @Test
    void attackerWhoRegistersAfterTheProofGainsNothing() {
        verification
                .confirm(register("Victim", VICTIMS_PASSWORD), VICTIMS_PASSWORD)
                .expect(201);

        register("Mallory", ATTACKERS_PASSWORD);
        verification.request(email).expect(202);

        assertThat(mails.kindsTo(email)).endsWith("address_taken");
        onlyTheVictimGetsIn();
    }
}
