/** Tests the conversation with an SMTP server, against one that follows a script. */
@NullMarked
package dev.roster.mail.smtp;

import org.jspecify.annotations.NullMarked;
