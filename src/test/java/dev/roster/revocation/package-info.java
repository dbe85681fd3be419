@NullMarked
package dev.roster.revocation;

import org.jspecify.annotations.NullMarked;
