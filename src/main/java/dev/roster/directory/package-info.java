/** With {@code DIRECTORY=self}, people see only themselves on the API port. */
@NullMarked
package dev.roster.directory;

import org.jspecify.annotations.NullMarked;
