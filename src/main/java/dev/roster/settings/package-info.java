/**
 * How settings are read from {@code config.yml} and the environment, and how a wrong one stops the start.
 */
@NullMarked
package dev.roster.settings;

import org.jspecify.annotations.NullMarked;
