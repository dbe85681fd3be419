/** Tests of who may call which route of the operators' API. */
@NullMarked
package dev.roster.admin.access;

import org.jspecify.annotations.NullMarked;
