/** What other services ask of this one, on the API port and with an API key. */
@NullMarked
package dev.roster.integration;

import org.jspecify.annotations.NullMarked;
