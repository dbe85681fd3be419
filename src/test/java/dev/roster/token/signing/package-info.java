@NullMarked
package dev.roster.token.signing;

import org.jspecify.annotations.NullMarked;
