/** Tests of what is said to a server for mails, against one that follows a script. */
@NullMarked
package dev.roster.mail.smtp;

import org.jspecify.annotations.NullMarked;
