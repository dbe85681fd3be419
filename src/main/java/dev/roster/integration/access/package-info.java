/** Authenticates other services by their API key. */
@NullMarked
package dev.roster.integration.access;

import org.jspecify.annotations.NullMarked;
