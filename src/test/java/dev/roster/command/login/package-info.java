@NullMarked
package dev.roster.command.login;

import org.jspecify.annotations.NullMarked;
