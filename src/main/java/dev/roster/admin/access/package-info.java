/** Who may call which route of the operators' API: keys and their scopes, and what a request says of its operator. */
@NullMarked
package dev.roster.admin.access;

import org.jspecify.annotations.NullMarked;
