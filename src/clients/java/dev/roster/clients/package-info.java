/** The API as those see it who know it by its description alone. Runs in the profile clients. */
@NullMarked
package dev.roster.clients;

import org.jspecify.annotations.NullMarked;
