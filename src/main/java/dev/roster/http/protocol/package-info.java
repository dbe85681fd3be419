/**
 * Requests as RFC 9110 and RFC 9112 define them, where Jetty's own reading differs: versions, hosts, expectations and
 * targets.
 */
@NullMarked
package dev.roster.http.protocol;

import org.jspecify.annotations.NullMarked;
