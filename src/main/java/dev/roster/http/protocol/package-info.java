/**
 * Requests as RFC 9110 and RFC 9112 define them, where Jetty's or Jersey's reading differs: versions, hosts,
 * expectations, targets and accepted types.
 */
@NullMarked
package dev.roster.http.protocol;

import org.jspecify.annotations.NullMarked;
