/**
 * Mails: the outbox, the tokens in links, and the sending. Other rooms write a mail in the transaction of its event;
 * nothing of SMTP is on a request's path.
 */
@NullMarked
package dev.roster.mail;

import org.jspecify.annotations.NullMarked;
