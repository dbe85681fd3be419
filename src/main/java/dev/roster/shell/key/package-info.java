/** The commands about API keys and signing keys. */
@NullMarked
package dev.roster.shell.key;

import org.jspecify.annotations.NullMarked;
