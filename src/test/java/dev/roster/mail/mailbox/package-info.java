@NullMarked
package dev.roster.mail.mailbox;

import org.jspecify.annotations.NullMarked;
