@NullMarked
package dev.roster.integration.access;

import org.jspecify.annotations.NullMarked;
