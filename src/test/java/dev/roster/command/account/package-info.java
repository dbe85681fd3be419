@NullMarked
package dev.roster.command.account;

import org.jspecify.annotations.NullMarked;
