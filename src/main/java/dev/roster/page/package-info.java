/**
 * Pages for people who follow a link in a mail, if the operator has no site of their own. Depends on
 * {@code http} and {@code host} only: the scripts call the API like those of any other site.
 */
@NullMarked
package dev.roster.page;

import org.jspecify.annotations.NullMarked;
