@NullMarked
package dev.roster.mail.template;

import org.jspecify.annotations.NullMarked;
