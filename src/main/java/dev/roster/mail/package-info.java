/**
 * Mails: the outbox, the tokens in links, and the sending. Other rooms write a mail in the transaction of its event. No
 * request waits for an SMTP server.
 */
@NullMarked
package dev.roster.mail;

import org.jspecify.annotations.NullMarked;
