@NullMarked
package dev.roster.metrics;

import org.jspecify.annotations.NullMarked;
