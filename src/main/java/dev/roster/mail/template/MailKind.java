package dev.roster.mail.template;

import java.util.Locale;

/** The kinds of mails. Each has its templates. */
public enum MailKind {
    /** A link to set a new password. */
    PASSWORD_RESET,
    /** A notice that the password was changed. */
    PASSWORD_CHANGED,
    /** A link that proves the address. */
    VERIFICATION;

    /** The name in the database, in metrics and in the mailbox. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if it is not the text of a kind */
    public static MailKind of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
