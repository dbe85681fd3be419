/**
 * JSON objects about people: {@code profile}, which the person writes, and {@code metadata}, which operators write and
 * nobody else sees. Merges changes into the object that is stored, and checks the result.
 */
@NullMarked
package dev.roster.profile;

import org.jspecify.annotations.NullMarked;
