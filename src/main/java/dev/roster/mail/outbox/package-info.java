/** Reads the mails in the outbox, and makes their texts. */
@NullMarked
package dev.roster.mail.outbox;

import org.jspecify.annotations.NullMarked;
