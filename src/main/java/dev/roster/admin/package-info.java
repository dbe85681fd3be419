/**
 * The operators' API, on the admin port. {@code admin.access} decides who may call it; each other package below has the
 * routes of one subject.
 */
@NullMarked
package dev.roster.admin;

import org.jspecify.annotations.NullMarked;
