@NullMarked
package dev.roster.command.session;

import org.jspecify.annotations.NullMarked;
