@NullMarked
package dev.roster.support.fault;

import org.jspecify.annotations.NullMarked;
