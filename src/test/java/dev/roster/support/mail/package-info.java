@NullMarked
package dev.roster.support.mail;

import org.jspecify.annotations.NullMarked;
