/**
 * Tests that hold the service to an OpenAPI document. A test of one document extends them, and adds what only that
 * document has.
 */
@NullMarked
package dev.roster.support.contract;

import org.jspecify.annotations.NullMarked;
