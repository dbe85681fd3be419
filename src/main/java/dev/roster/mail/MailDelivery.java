package dev.roster.mail;

import dev.roster.delivery.Claimed;
import dev.roster.delivery.Delivery;
import dev.roster.delivery.Outcome;
import dev.roster.mail.outbox.MailTexts;
import dev.roster.mail.outbox.StoredMails;
import dev.roster.mail.smtp.OutgoingMail;
import java.util.function.Function;

/** Makes the text of a mail and hands it to the sender. Thread-safe. */
final class MailDelivery implements Delivery {
    private final StoredMails mails;
    private final MailTexts texts;
    private final Function<OutgoingMail, Outcome> sender;

    MailDelivery(StoredMails mails, MailTexts texts, Function<OutgoingMail, Outcome> sender) {
        this.mails = mails;
        this.texts = texts;
        this.sender = sender;
    }

    @Override
    public Outcome deliver(Claimed claimed) {
        return mails.findForDelivery(claimed.id())
                .map(mail -> sender.apply(new OutgoingMail(mail.id(), mail.to(), texts.of(mail))))
                .orElseGet(Outcome::dropped);
    }
}
