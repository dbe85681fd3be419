/**
 * Proves that many nodes act as one service: starts a primary, a streaming replica and three nodes from the jar, and
 * breaks what is between them. {@code mvn verify -Pfleet} runs {@link dev.roster.fleet.FleetProof}.
 */
@NullMarked
package dev.roster.fleet;

import org.jspecify.annotations.NullMarked;
