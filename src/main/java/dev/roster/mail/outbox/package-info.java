/** The mails in the outbox, as they were written and as their recipients read them. */
@NullMarked
package dev.roster.mail.outbox;

import org.jspecify.annotations.NullMarked;
