/**
 * What the admin port says of this node. Readiness never waits: what asks the database does so every now and then, on threads
 * and with limits of its own, and a request is told what was found last. Liveness is Dropwizard's {@code /ping} and depends on nothing.
 */
@NullMarked
package dev.roster.ops.health;

import org.jspecify.annotations.NullMarked;
