/**
 * The stream of revocations, by which other services learn within milliseconds which tokens they must refuse, and up to
 * which moment they know it.
 */
@NullMarked
package dev.roster.integration.stream;

import org.jspecify.annotations.NullMarked;
