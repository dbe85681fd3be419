/**
 * Secrets and what is derived from them: HMAC keys, and settings that must never be printed.
 */
@NullMarked
package dev.roster.key;

import org.jspecify.annotations.NullMarked;
