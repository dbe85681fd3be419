package dev.roster.mail;

import dev.roster.database.DatabaseModule;
import dev.roster.delivery.Dispatcher;
import dev.roster.delivery.Outbox;
import dev.roster.delivery.Outcome;
import dev.roster.host.Host;
import dev.roster.host.PersonalData;
import dev.roster.host.PersonalData.Reason;
import dev.roster.host.Purge;
import dev.roster.host.Room;
import dev.roster.key.SecretKey;
import dev.roster.limit.LimitModule;
import dev.roster.mail.mailbox.MailboxResource;
import dev.roster.mail.outbox.MailTexts;
import dev.roster.mail.outbox.StoredMails;
import dev.roster.mail.smtp.OutgoingMail;
import dev.roster.mail.smtp.SmtpSender;
import dev.roster.mail.template.Templates;
import dev.roster.mail.token.MailTokens;
import dev.roster.mail.token.TokenCommands;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import java.time.Duration;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The outbox, the tokens in links, and the sending. */
public final class MailModule implements Room {
    private static final Logger LOGGER = LoggerFactory.getLogger(MailModule.class);
    private static final Duration MEASURE_INTERVAL = Duration.ofSeconds(10);

    private final MailConfiguration configuration;
    private final DatabaseModule database;
    private final MailTokens tokens;
    private final Mails mails;
    private final PasswordMails passwordMails;
    private final AddressMails addressMails;
    private final MailLimits limits;

    /** @param secretKey makes the tokens */
    public MailModule(
            Host host,
            MailConfiguration configuration,
            DatabaseModule database,
            LimitModule limits,
            SecretKey secretKey) {
        this.configuration = configuration;
        this.database = database;
        this.tokens = new MailTokens(secretKey, host.ids());
        this.mails = new Mails(host.ids());
        this.limits = new MailLimits(configuration, limits);
        this.passwordMails = new PasswordMails(configuration, mails, tokens, this.limits);
        this.addressMails = new AddressMails(configuration, mails, tokens, this.limits);
    }

    /** Whether Roster sends mails at all. If not, no room writes one. */
    public boolean isOn() {
        return configuration.isOn();
    }

    public MailConfiguration configuration() {
        return configuration;
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

    public AddressMails addressMails() {
        return addressMails;
    }

    /** How many mails somebody may request. */
    public MailLimits limits() {
        return limits;
    }

    @Override
    public void plugInto(Host host) {
        database.prepare(TokenCommands.class);
        MailRows rows = new MailRows(database.commands());
        host.purge(new Purge("mail_tokens", rows::purgeTokens));
        host.purge(new Purge("mails", rows::purge));
        addPersonalData(host);
        if (configuration.isOn()) {
            deliver(host);
        }
    }

    private void deliver(Host host) {
        StoredMails stored = new StoredMails(database.queries());
        Templates templates = new Templates(configuration.templateFolder());
        MailTexts texts = new MailTexts(templates, tokens, configuration.links());
        Outbox outbox = new Outbox(database.commands(), "mails");
        Counter outcomes = Counter.builder()
                .name("roster_mails")
                .help("Attempts to send a mail, by their outcome: sent, put_off, failed or dropped.")
                .labelNames("kind", "outcome")
                .withoutExemplars()
                .register(host.metrics());
        Dispatcher dispatcher = new Dispatcher("mails", outbox, new MailDelivery(stored, texts, sender()), outcomes);
        host.manage(dispatcher);
        watch(host, outbox);
        host.onStart(dispatcher::start);
        if (!configuration.isSmtp()) {
            host.adminJersey(new MailboxResource(stored, texts));
            host.onStart(() -> LOGGER.info("No mail is sent: the admin port shows all of them at /mailbox"));
        }
    }

    private Function<OutgoingMail, Outcome> sender() {
        return configuration.isSmtp() ? new SmtpSender(configuration.smtp())::send : mail -> Outcome.sent();
    }

    private static void watch(Host host, Outbox outbox) {
        MailHealthCheck health = new MailHealthCheck(outbox);
        host.health("mail", health);
        host.onStart(host.job("mail-backlog", MEASURE_INTERVAL, health::measure)::run);
        GaugeWithCallback.builder()
                .name("roster_mails_due")
                .help("Mails that are still to be sent, those that wait for their next attempt included.")
                .callback(gauge -> gauge.call((double) health.due()))
                .register(host.metrics());
    }

    private static void addPersonalData(Host host) {
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
                .without(Reason.MADE_OF_WHAT_IS_HERE, "mail_tokens.user_id")
                .without(Reason.BEFORE_THE_USER, "mail_tokens.pending_id", "pending_registrations"));
    }
}
