/**
 * Errors as RFC 9457 problems, from handlers, Jersey and Jetty alike.
 */
@NullMarked
package dev.roster.http.problem;

import org.jspecify.annotations.NullMarked;
