/** Tests of the routes that change users. */
@NullMarked
package dev.roster.admin.user;

import org.jspecify.annotations.NullMarked;
