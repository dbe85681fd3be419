package dev.roster.mail.template;

/**
 * What a mail says, in plain text and in HTML.
 *
 * @param subject one line
 */
public record MailText(String subject, String text, String html) {
    /** Shows the subject only: the texts may contain a link that opens an account. */
    @Override
    public String toString() {
        return "MailText[subject=" + subject + "]";
    }
}
