package dev.roster.mail;

import com.google.common.net.InetAddresses;
import dev.roster.key.Secret;
import dev.roster.mail.smtp.SmtpSettings;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The {@code mail} section of the configuration. A text that is not set is empty.
 *
 * @param mode {@code off}: Roster writes no mail, and requests that need one are 404. {@code mailbox}: it sends none,
 *     and the admin port shows them. {@code smtp}: an SMTP server delivers them
 * @param host the SMTP server
 * @param tls {@code starttls}: the connection begins in plain text, and must change to TLS. {@code tls}: it begins with
 *     TLS. {@code none}: it stays in plain text, on this machine only
 * @param user the account at the server; empty if the server asks for none
 * @param from the sender: an address, or a name and an address in angle brackets
 * @param links the beginning of every link in a mail: the URL of the site whose pages the links lead to
 * @param templates a folder with templates that replace the built-in ones
 * @param perAddress how many mails an hour people may request for one e-mail address; 0 switches the limit off
 * @param perClient how many mails an hour one client address may request; 0 switches the limit off
 * @param resetLifetime how long a link to set a new password works
 * @param verification {@code off}: addresses count at once. {@code optional}: users may prove their address, and must
 *     prove a new one. {@code required}: they must prove a new one, and a registration becomes a user only when its
 *     address is proven
 * @param verificationLifetime how long a link that proves an address or invites a person works, and how long a
 *     registration waits for its proof
 * @param revertLifetime how long a link that takes back an earlier address works
 */
public record MailConfiguration(
        @NotNull @Pattern(regexp = "off|mailbox|smtp", message = "(MAIL) must be off, mailbox or smtp")
        String mode,

        @NotNull String host,
        @NotNull @Min(1) @Max(65_535) Integer port,

        @NotNull @Pattern(regexp = "starttls|tls|none", message = "(MAIL_TLS) must be starttls, tls or none")
        String tls,

        @NotNull String user,
        @NotNull Secret password,

        @NotNull
        @Pattern(
                regexp = "|[^<>@\\s]+@[^<>@\\s]+|[^<>@\\p{Cntrl}]+ <[^<>@\\s]+@[^<>@\\s]+>",
                message = "(MAIL_FROM) must be an address, such as Roster <no-reply@example.org>")
        String from,

        @NotNull String links,
        @NotNull String templates,
        @NotNull @Min(0) @Max(1_000_000) Integer perAddress,
        @NotNull @Min(0) @Max(1_000_000) Integer perClient,

        @NotNull @MinDuration(value = 1, unit = TimeUnit.MINUTES) @MaxDuration(value = 24, unit = TimeUnit.HOURS)
        Duration resetLifetime,

        @NotNull
        @Pattern(regexp = "off|optional|required", message = "(EMAIL_VERIFICATION) must be off, optional or required")
        String verification,

        @NotNull @MinDuration(value = 1, unit = TimeUnit.MINUTES) @MaxDuration(value = 30, unit = TimeUnit.DAYS)
        Duration verificationLifetime,

        @NotNull @MinDuration(value = 1, unit = TimeUnit.HOURS) @MaxDuration(value = 90, unit = TimeUnit.DAYS)
        Duration revertLifetime) {

    /** Whether Roster writes mails at all. */
    public boolean isOn() {
        return !"off".equals(mode);
    }

    /** Whether a user must prove a new address before the account has it. */
    public boolean isChangeProven() {
        return !"off".equals(verification);
    }

    /** Whether a registration becomes a user only when its address is proven. */
    public boolean isRegistrationProven() {
        return "required".equals(verification);
    }

    boolean isSmtp() {
        return "smtp".equals(mode);
    }

    SmtpSettings smtp() {
        return new SmtpSettings(host, port, tls, user, password, from);
    }

    /** The folder of templates; null if there are only the built-in ones. */
    @Nullable
    Path templateFolder() {
        return templates.isEmpty() ? null : Path.of(templates);
    }

    @ValidationMethod(message = "(MAIL_HOST) must be set with MAIL=smtp, such as smtp.example.org")
    public boolean isWithHost() {
        return !isSmtp() || isSet(host);
    }

    @ValidationMethod(message = "(MAIL_FROM) must be set with MAIL=smtp, such as Roster <no-reply@example.org>")
    public boolean isWithFrom() {
        return !isSmtp() || isSet(from);
    }

    @ValidationMethod(
            message = "(MAIL_TLS) may be none only with a MAIL_HOST on this machine, such as localhost: mails contain"
                    + " links that open accounts")
    public boolean isEncryptedIfItLeavesTheMachine() {
        return !isSmtp() || !"none".equals(tls) || isLoopback(host);
    }

    @ValidationMethod(message = "(MAIL_USER) must be set if MAIL_PASSWORD is, and only then")
    public boolean isWithUserAndPasswordOrNeither() {
        return password == null || isSet(user) == isSet(password.reveal());
    }

    @ValidationMethod(
            message = "(MAIL_LINKS) must be set unless MAIL=off, to an http or https URL without a query or a fragment,"
                    + " such as https://example.org/account")
    public boolean isWithLinks() {
        return isSet(links) ? isBaseUrl(links) : !isOn();
    }

    @ValidationMethod(
            message = "(MAIL_LINKS) must begin with https:// with MAIL=smtp, unless its host is this machine: the links"
                    + " open accounts")
    public boolean isWithProtectedLinks() {
        return !isSmtp()
                || !isBaseUrl(links)
                || links.startsWith("https:")
                || isLoopback(URI.create(links).getHost());
    }

    @ValidationMethod(message = "(MAIL_FROM) must be an address, such as Roster <no-reply@example.org>")
    public boolean isFromAnAddress() {
        return !isSet(from) || SmtpSettings.isSender(from);
    }

    @ValidationMethod(message = "(EMAIL_VERIFICATION) must be off with MAIL=off: proofs need mails")
    public boolean isProofWithMail() {
        return isOn() || !isChangeProven();
    }

    private static boolean isSet(String text) {
        return text != null && !text.isEmpty();
    }

    private static boolean isLoopback(String host) {
        return InetAddresses.isInetAddress(host)
                ? InetAddresses.forString(host).isLoopbackAddress()
                : "localhost".equals(host);
    }

    private static boolean isBaseUrl(String text) {
        try {
            URI url = URI.create(text);
            return ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
