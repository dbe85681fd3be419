/**
 * Why the service refuses a request: reasons, invalid members and reached limits. Knows no HTTP: {@code http.problem}
 * turns a refusal into a response. Depends on the JDK only.
 */
@NullMarked
package dev.roster.refusal;

import org.jspecify.annotations.NullMarked;
