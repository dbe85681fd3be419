/**
 * Logging: the queue for the lines of the request log, and the JSON format (an object a line). The patterns of the text
 * format are in {@code config.yml}.
 */
@NullMarked
package dev.roster.log;

import org.jspecify.annotations.NullMarked;
