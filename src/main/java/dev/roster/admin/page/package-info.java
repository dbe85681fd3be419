/** The operators' page at the root of the admin port. It calls the operators' API, and needs nothing else of it. */
@NullMarked
package dev.roster.admin.page;

import org.jspecify.annotations.NullMarked;
