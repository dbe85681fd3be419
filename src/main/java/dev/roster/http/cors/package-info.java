/**
 * Cross-origin requests from browsers (CORS, Fetch Standard).
 */
@NullMarked
package dev.roster.http.cors;

import org.jspecify.annotations.NullMarked;
