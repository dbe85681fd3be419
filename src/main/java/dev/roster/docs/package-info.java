/**
 * Describes the APIs of both ports to people and programs: the OpenAPI documents, and a page to try them. Depends on
 * {@code http}, {@code host} and, for merge patches, {@code profile} only.
 */
@NullMarked
package dev.roster.docs;

import org.jspecify.annotations.NullMarked;
