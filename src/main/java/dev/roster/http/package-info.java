/**
 * HTTP as this service speaks it: strict JSON and query strings in, problem+json (RFC 9457) for everything that goes
 * wrong, entity tags, request ids and traces, the headers of every answer, and how long each took. Knows no other room but {@code user}.
 */
@NullMarked
package dev.roster.http;

import org.jspecify.annotations.NullMarked;
