/** Support for tests: the running service, its clock, its tokens, and waiting. */
@NullMarked
package dev.roster.support;

import org.jspecify.annotations.NullMarked;
