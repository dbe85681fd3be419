/**
 * Errors as RFC 9457 problems, whoever raises them: a handler, Jersey or Jetty.
 */
@NullMarked
package dev.roster.http.problem;

import org.jspecify.annotations.NullMarked;
