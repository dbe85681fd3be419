/** The routes for API keys and signing keys. */
@NullMarked
package dev.roster.admin.key;

import org.jspecify.annotations.NullMarked;
