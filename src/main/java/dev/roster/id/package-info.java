/** The ids of users and audit events. Depends on the JDK only. */
@NullMarked
package dev.roster.id;

import org.jspecify.annotations.NullMarked;
