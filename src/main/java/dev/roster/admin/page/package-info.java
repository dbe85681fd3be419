/**
 * The operators' page at the root of the admin port. Its scripts call the operators' API, {@code /healthcheck} and
 * {@code /prometheus}.
 */
@NullMarked
package dev.roster.admin.page;

import org.jspecify.annotations.NullMarked;
