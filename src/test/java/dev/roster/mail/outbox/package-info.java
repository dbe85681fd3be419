@NullMarked
package dev.roster.mail.outbox;

import org.jspecify.annotations.NullMarked;
