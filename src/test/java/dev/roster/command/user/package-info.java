@NullMarked
package dev.roster.command.user;

import org.jspecify.annotations.NullMarked;
