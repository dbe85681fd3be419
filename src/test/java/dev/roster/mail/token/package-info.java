@NullMarked
package dev.roster.mail.token;

import org.jspecify.annotations.NullMarked;
