/**
 * What describes the API to people and programs: the OpenAPI document, and a page to try it on. Knows of {@code http} that
 * it buffers, and no other room.
 */
@NullMarked
package dev.roster.docs;

import org.jspecify.annotations.NullMarked;
