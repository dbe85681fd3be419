@NullMarked
package dev.roster.command.verification;

import org.jspecify.annotations.NullMarked;
