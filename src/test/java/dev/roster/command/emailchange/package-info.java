/** Tests of changes of addresses. */
@NullMarked
package dev.roster.command.emailchange;

import org.jspecify.annotations.NullMarked;
