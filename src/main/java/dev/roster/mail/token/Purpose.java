package dev.roster.mail.token;

import java.util.Locale;

/** What a token in a mail allows. */
public enum Purpose {
    /** To prove that the address is the person's. */
    VERIFY,
    /** To set a new password. */
    RESET,
    /** To prove the address that the person wants to have. */
    CHANGE,
    /** To take back an address that the account had. It works whatever address the account has now. */
    REVERT;

    public String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if it is not the column of a purpose */
    public static Purpose of(String column) {
        return valueOf(column.toUpperCase(Locale.ROOT));
    }
}
