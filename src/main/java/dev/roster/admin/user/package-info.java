/** The routes that create, change, disable and delete users, and end their sessions. */
@NullMarked
package dev.roster.admin.user;

import org.jspecify.annotations.NullMarked;
