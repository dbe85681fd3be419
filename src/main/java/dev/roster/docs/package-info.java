/**
 * Describes the API to people and programs: the OpenAPI document, and a page to try it. Depends on {@code http} and
 * {@code host} only.
 */
@NullMarked
package dev.roster.docs;

import org.jspecify.annotations.NullMarked;
