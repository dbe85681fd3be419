/**
 * Request bodies and query strings, read strictly: all invalid members or parameters are named at once. A body is
 * an ordinary record; {@link dev.roster.http.body.JsonBodyReader} says how it is read. A route for OAuth clients
 * takes a {@link dev.roster.http.body.FormBody}.
 */
@NullMarked
package dev.roster.http.body;

import org.jspecify.annotations.NullMarked;
