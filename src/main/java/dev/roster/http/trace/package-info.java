/**
 * What is known about a request besides its content: its id, trace, route, caller and duration.
 */
@NullMarked
package dev.roster.http.trace;

import org.jspecify.annotations.NullMarked;
