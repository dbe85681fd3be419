/** A page of the admin port that shows mails instead of sending them, for development. */
@NullMarked
package dev.roster.mail.mailbox;

import org.jspecify.annotations.NullMarked;
