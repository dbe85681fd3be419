/**
 * A client for Roster over the generated one: {@link dev.roster.client.Roster} keeps and refreshes the tokens, waits
 * while the service is busy, and throws {@link dev.roster.client.ProblemException}.
 */
@NullMarked
package dev.roster.client;

import org.jspecify.annotations.NullMarked;
