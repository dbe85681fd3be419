/** What describes the API to people and programs: the OpenAPI document, and a page to try it on. Knows no other room. */
@NullMarked
package dev.roster.docs;

import org.jspecify.annotations.NullMarked;
