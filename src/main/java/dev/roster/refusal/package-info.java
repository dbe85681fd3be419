/**
 * Why the service says no: reasons, invalid members and reached limits. Nothing here knows HTTP; {@code http.problem}
 * turns a refusal into an answer. Depends on the JDK alone.
 */
@NullMarked
package dev.roster.refusal;

import org.jspecify.annotations.NullMarked;
