package dev.roster.mail;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;

/**
 * The {@code mail} section of the configuration.
 *
 * @param mode {@code off}: Roster sends no mail, and has no request that needs one. {@code mailbox}: mails stay in the
 *     outbox, and the admin port shows them. {@code smtp}: a server delivers them
 */
public record MailConfiguration(
        @NotNull @Pattern(regexp = "off|mailbox|smtp", message = "(MAIL) must be off, mailbox or smtp")
        String mode) {

    public boolean isOn() {
        return !mode.equals("off");
    }
}
