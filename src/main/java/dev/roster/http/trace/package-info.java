/** Data about a request besides its content: id, trace, route, caller and duration. */
@NullMarked
package dev.roster.http.trace;

import org.jspecify.annotations.NullMarked;
