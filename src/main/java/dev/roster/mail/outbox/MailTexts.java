package dev.roster.mail.outbox;

import dev.roster.mail.outbox.StoredMail.StoredToken;
import dev.roster.mail.template.MailText;
import dev.roster.mail.template.Templates;
import dev.roster.mail.token.MailTokens;
import dev.roster.mail.token.Purpose;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes the texts of mails. The database has no text and no token, so nobody can open an account with a copy of it.
 * Thread-safe.
 */
public final class MailTexts {
    private static final long SECONDS_PER_MINUTE = 60;
    private static final long MINUTES_PER_HOUR = 60;
    private static final long HOURS_PER_DAY = 24;
    /** From two of the larger unit on, that unit is precise enough. */
    private static final long ENOUGH = 2;

    private final Templates templates;
    private final MailTokens tokens;
    private final String links;

    /** @param links the beginning of every link: the URL of a site */
    public MailTexts(Templates templates, MailTokens tokens, String links) {
        this.templates = templates;
        this.tokens = tokens;
        this.links = links.endsWith("/") ? links.substring(0, links.length() - 1) : links;
    }

    public MailText of(StoredMail mail) {
        Map<String, String> values = new HashMap<>();
        StoredToken token = mail.token();
        values.put("address", mail.to());
        values.put("link", token == null ? "" : link(token));
        values.put("expires_in", token == null ? "" : words(token.remaining()));
        values.put("requested", token != null && token.isForPresentAddress() ? "true" : "");
        return templates.render(mail.kind(), values);
    }

    /** The token is in the fragment. Browsers do not send the fragment, so no server logs the token. */
    private String link(StoredToken token) {
        return links + page(token.purpose()) + "#token=" + tokens.text(token.id(), token.purpose(), token.address());
    }

    private static String page(Purpose purpose) {
        return switch (purpose) {
            case RESET -> "/reset";
            case VERIFY -> "/verify";
            case CHANGE -> "/email-change";
            case REVERT -> "/revert";
        };
    }

    /** A duration in words, to the minute, or rounded down to hours or days. */
    static String words(Duration duration) {
        long minutes = Math.max(1, Math.round((double) duration.toSeconds() / SECONDS_PER_MINUTE));
        long hours = minutes / MINUTES_PER_HOUR;
        long days = hours / HOURS_PER_DAY;
        if (hours < ENOUGH) {
            return count(minutes, "minute");
        }
        return days < ENOUGH ? count(hours, "hour") : count(days, "day");
    }

    private static String count(long number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s");
    }
}
