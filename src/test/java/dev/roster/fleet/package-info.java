/**
 * The proof that many nodes are one service, as a program: a primary, a streaming replica, three nodes from the jar and what
 * goes wrong between them. {@code mvn verify -Pfleet} runs {@link dev.roster.fleet.FleetProof}.
 */
@NullMarked
package dev.roster.fleet;

import org.jspecify.annotations.NullMarked;
