@NullMarked
package dev.roster.command.registration;

import org.jspecify.annotations.NullMarked;
