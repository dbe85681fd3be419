/** Reads settings from {@code config.yml} and the environment, and reports errors that prevent the start. */
@NullMarked
package dev.roster.settings;

import org.jspecify.annotations.NullMarked;
