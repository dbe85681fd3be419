/** Checks the files in {@code deploy}. */
@NullMarked
package dev.roster.deploy;

import org.jspecify.annotations.NullMarked;
