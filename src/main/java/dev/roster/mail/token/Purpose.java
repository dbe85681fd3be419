package dev.roster.mail.token;

import java.util.Locale;

/** What a token in a mail allows. */
public enum Purpose {
    /** To prove that the address is the person's. */
    VERIFY,
    /** To set a new password. */
    RESET,
    /** To prove a new address, which the account gets then. */
    CHANGE,
    /** To take back an address that the account had. */
    REVERT;

    String column() {
        return name().toLowerCase(Locale.ROOT);
    }
}
