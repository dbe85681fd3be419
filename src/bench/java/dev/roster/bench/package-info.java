/** What the costly parts cost, measured with JMH: {@code mvn -Pbench}. No part of the tests. */
@NullMarked
package dev.roster.bench;

import org.jspecify.annotations.NullMarked;
