/** For development: a page of the admin port that shows mails, which are then not sent. */
@NullMarked
package dev.roster.mail.mailbox;

import org.jspecify.annotations.NullMarked;
