/** Checks the documents against the project. */
@NullMarked
package dev.roster.documents;

import org.jspecify.annotations.NullMarked;
