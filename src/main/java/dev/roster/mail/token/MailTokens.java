package dev.roster.mail.token;

import dev.roster.id.Ids;
import dev.roster.key.SecretKey;

/** Makes and checks the tokens in links of mails. Thread-safe. */
public final class MailTokens {
    private final SecretKey secretKey;
    private final Ids ids;

    public MailTokens(SecretKey secretKey, Ids ids) {
        this.secretKey = secretKey;
        this.ids = ids;
    }
}
