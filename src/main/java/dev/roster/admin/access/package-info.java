/** Checks the key and the scope of each request, and reads its actor and reason. */
@NullMarked
package dev.roster.admin.access;

import org.jspecify.annotations.NullMarked;
