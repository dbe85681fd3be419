/**
 * What the costly parts cost, measured with JMH: {@code mvn -Pbench}; and the whole service with many users: {@code mvn
 * -Pbench test-compile exec:exec@scale}. No part of the tests.
 */
@NullMarked
package dev.roster.bench;

import org.jspecify.annotations.NullMarked;
