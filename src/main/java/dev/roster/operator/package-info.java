/**
 * Operations for operators. They return results and print nothing: {@code shell} prints. The rules of the API apply,
 * except limits and ownership. Audit events name no user as the actor.
 */
@NullMarked
package dev.roster.operator;

import org.jspecify.annotations.NullMarked;
