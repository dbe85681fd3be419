package dev.roster.mail.token;

import java.util.Locale;

/** What a token in a mail allows. */
public enum Purpose {
    /** To prove that the address is the person's. */
    VERIFY,
    /** To set a new password. */
    RESET;

    String column() {
        return name().toLowerCase(Locale.ROOT);
    }
}
