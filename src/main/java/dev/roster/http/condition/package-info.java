/** Conditional requests (RFC 9110, section 13): entity tags, dates, and the order in which they are evaluated. */
@NullMarked
package dev.roster.http.condition;

import org.jspecify.annotations.NullMarked;
