/**
 * The log: the queue that its lines go through, and how it is written as JSON, an object a line, for machines; as text it is
 * made by the patterns of {@code config.yml}.
 */
@NullMarked
package dev.roster.log;

import org.jspecify.annotations.NullMarked;
