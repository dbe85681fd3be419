/** Tests of the routes for API keys. */
@NullMarked
package dev.roster.admin.key;

import org.jspecify.annotations.NullMarked;
