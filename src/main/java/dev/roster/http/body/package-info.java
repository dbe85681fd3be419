/**
 * Request bodies and query strings, read strictly: every invalid member or parameter is named at once.
 */
@NullMarked
package dev.roster.http.body;

import org.jspecify.annotations.NullMarked;
