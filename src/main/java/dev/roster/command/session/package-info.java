/** Opening and ending sessions. Everything that lets somebody in opens its session here. */
@NullMarked
package dev.roster.command.session;

import org.jspecify.annotations.NullMarked;
