package dev.roster.mail.template;

import java.util.Locale;
import java.util.Set;

/** The kinds of mails. Each has its templates. */
public enum MailKind {
    /** A link to set a new password. */
    PASSWORD_RESET("address", "expires_in", "link"),
    /** A notice that the password was changed. */
    PASSWORD_CHANGED("address"),
    /**
     * A notice that the account has another address, or that somebody requested another one: to the address of before.
     * A link takes it back, unless an operator changed it or the account has an earlier one again.
     */
    EMAIL_CHANGE_NOTICE("address", "expires_in", "link", "requested"),
    /** A link that proves the address. */
    VERIFICATION("address", "expires_in", "link"),
    /** A notice that somebody tried to register with the address of a user. */
    ADDRESS_TAKEN("address"),
    /** A link that proves a new address, which the account gets then. */
    EMAIL_CHANGE("address", "expires_in", "link"),
    /** An operator has made an account. A link to set its first password. */
    INVITATION("address", "expires_in", "link");

    @SuppressWarnings("ImmutableEnumChecker") // Set.of makes it
    private final Set<String> templateValues;

    MailKind(String... templateValues) {
        this.templateValues = Set.of(templateValues);
    }

    /** The names of the values that the templates of this kind can use. */
    public Set<String> templateValues() {
        return templateValues;
    }

    /** The name in the database, in metrics, in the mailbox and of the templates. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if it is not the text of a kind */
    public static MailKind of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
