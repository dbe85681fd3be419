@NullMarked
package dev.roster.integration.stream;

import org.jspecify.annotations.NullMarked;
