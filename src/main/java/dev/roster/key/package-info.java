/** Secrets: settings that must never be printed, and the HMACs that are made with them. */
@NullMarked
package dev.roster.key;

import org.jspecify.annotations.NullMarked;
