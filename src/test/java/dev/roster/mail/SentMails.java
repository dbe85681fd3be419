package dev.roster.mail;

import dev.roster.id.Ids;
import dev.roster.key.SecretKey;
import dev.roster.mail.token.MailTokens;
import dev.roster.mail.token.Purpose;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** The mails of a service under test, and the tokens in their links. */
public final class SentMails {
    private final MailTokens tokens =
            new MailTokens(new SecretKey(TestTokens.SECRET_KEY), new Ids(Clock.systemUTC(), new SecureRandom()));
    private final Jdbi jdbi;

    public SentMails(RosterExtension roster) {
        this(roster.jdbi());
    }

    /** @param jdbi the database of a service in another process */
    public SentMails(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** The token in the latest mail with a link to a user. */
    public String token(UUID userId) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT mail_tokens.id, purpose, mails.address
                          FROM mails JOIN mail_tokens ON mail_tokens.id = token_id
                         WHERE mails.user_id = :userId
                         ORDER BY mails.created_at DESC, mails.id DESC
                         LIMIT 1
                        """)
                .bind("userId", userId)
                .map((row, context) ->
                        text(row.getObject("id", UUID.class), row.getString("purpose"), row.getString("address")))
                .one());
    }

    /** The token in the latest mail with a link to an address, also if no user has it. */
    public String tokenTo(String address) {
        return tokensTo(address).get(0);
    }

    /** The tokens in all mails with a link to an address, the latest first. */
    public List<String> tokensTo(String address) {
        return tokens("%", address);
    }

    /** The tokens in the mails of this kind to an address, the latest first. */
    public List<String> tokens(String kind, String address) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT mail_tokens.id, purpose, mails.address
                          FROM mails JOIN mail_tokens ON mail_tokens.id = token_id
                         WHERE mails.address = :address AND kind LIKE :kind
                           AND (mails.user_id IS NOT NULL OR mail_tokens.pending_id IS NOT NULL)
                         ORDER BY mails.created_at DESC, mails.id DESC
                        """)
                .bind("address", address)
                .bind("kind", kind)
                .map((row, context) ->
                        text(row.getObject("id", UUID.class), row.getString("purpose"), row.getString("address")))
                .list());
    }

    /** The kinds of the mails to an address, in their order. */
    public List<String> kindsTo(String address) {
        return jdbi.withHandle(
                handle -> handle.createQuery("SELECT kind FROM mails WHERE address = :address ORDER BY created_at, id")
                        .bind("address", address)
                        .mapTo(String.class)
                        .list());
    }

    /** What the token of this row would be. */
    public String text(UUID tokenId, String purpose, String address) {
        return tokens.text(tokenId, Purpose.of(purpose), address);
    }

    /** The mails to a user, such as {@code password_reset ada@example.com}, in their order. */
    public List<String> to(UUID userId) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT kind || ' ' || address
                          FROM mails
                         WHERE user_id = :userId
                         ORDER BY created_at, id
                        """)
                .bind("userId", userId)
                .mapTo(String.class)
                .list());
    }

    /** How many mails there are, including those to nobody. */
    public long count() {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT count(*) FROM mails")
                .mapTo(Long.class)
                .one());
    }
}
