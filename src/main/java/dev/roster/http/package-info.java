/**
 * The HTTP side of the service: strict request bodies and query strings, problems (RFC 9457) for all errors, entity
 * tags, request ids, traces and the headers of every answer. {@link dev.roster.http.HttpModule} adds it to Jetty and
 * Jersey.
 */
@NullMarked
package dev.roster.http;

import org.jspecify.annotations.NullMarked;
