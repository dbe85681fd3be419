/** Sends mails over SMTP. */
@NullMarked
package dev.roster.mail.smtp;

import org.jspecify.annotations.NullMarked;
