package dev.roster.mail;

import dev.roster.database.DatabaseModule;
import dev.roster.host.Host;
import dev.roster.host.PersonalData;
import dev.roster.host.PersonalData.Reason;
import dev.roster.host.Purge;
import dev.roster.host.Room;
import dev.roster.limit.LimitModule;
import dev.roster.mail.token.MailTokens;
import dev.roster.mail.token.TokenCommands;

/** The outbox and the tokens in links. */
public final class MailModule implements Room {
    private final MailConfiguration configuration;
    private final DatabaseModule database;
    private final Mails mails;
    private final MailTokens tokens;
    private final PasswordMails passwordMails;
    private final MailLimits limits;

    public MailModule(
            Host host,
            MailConfiguration configuration,
            DatabaseModule database,
            LimitModule limits,
            MailTokens tokens) {
        this.configuration = configuration;
        this.database = database;
        this.mails = new Mails(host.ids());
        this.tokens = tokens;
        this.limits = new MailLimits(configuration, limits);
        this.passwordMails = new PasswordMails(configuration, mails, tokens);
    }

    /** Whether Roster sends mails at all. If not, no room writes one. */
    public boolean isOn() {
        return configuration.isOn();
    }

    public Mails mails() {
        return mails;
    }

    public MailTokens tokens() {
        return tokens;
    }

    public PasswordMails passwordMails() {
        return passwordMails;
    }

    /** How many mails somebody may request. */
    public MailLimits limits() {
        return limits;
    }

    @Override
    public void plugInto(Host host) {
        database.prepare(TokenCommands.class);
        host.personalData(PersonalData.of("mails", """
                        SELECT kind, address, created_at, next_at, attempts, state, failure, sent_at
                          FROM mails
                         WHERE user_id = :id
                         ORDER BY created_at, id
                        """)
                .without(
                        Reason.MADE_OF_WHAT_IS_HERE,
                        "mails.id",
                        "mails.user_id",
                        "mails.token_id",
                        "mails.lease_until"));
        host.personalData(PersonalData.of("mail_tokens", """
                        SELECT purpose, address, created_at, expires_at, used_at
                          FROM mail_tokens
                         WHERE user_id = :id
                         ORDER BY created_at, id
                        """)
                .without(Reason.SECRETS, "mail_tokens.id")
                .without(Reason.MADE_OF_WHAT_IS_HERE, "mail_tokens.user_id"));
        host.purge(new Purge("mail_tokens", limit -> database.commands()
                .withHandle(
                        handle -> handle.createUpdate("""
                        DELETE FROM mail_tokens
                         WHERE id IN (SELECT id FROM mail_tokens
                                       WHERE expires_at < now() - interval '7 days'
                                       LIMIT :limit FOR UPDATE SKIP LOCKED)
                        """).bind("limit", limit).execute())));
    }
}
