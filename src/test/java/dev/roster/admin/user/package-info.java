/** Tests of the routes for API keys. */
@NullMarked
package dev.roster.admin.user;

import org.jspecify.annotations.NullMarked;
