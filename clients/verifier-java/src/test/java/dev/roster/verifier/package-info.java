/** Tests the verifier against a scripted Roster, on clocks that the tests move. */
@NullMarked
package dev.roster.verifier;

import org.jspecify.annotations.NullMarked;
