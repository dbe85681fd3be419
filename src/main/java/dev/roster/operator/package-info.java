/**
 * What operators do, whatever they use for it. It returns results and prints nothing: {@code shell} prints. It obeys
 * the rules of the API, except limits and ownership, and audit events have no actor.
 */
@NullMarked
package dev.roster.operator;

import org.jspecify.annotations.NullMarked;
