/** Benchmarks of single parts with JMH, and of the whole service. {@link dev.roster.bench.Main} runs them. */
@NullMarked
package dev.roster.bench;

import org.jspecify.annotations.NullMarked;
