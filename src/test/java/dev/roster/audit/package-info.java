@NullMarked
package dev.roster.audit;

import org.jspecify.annotations.NullMarked;
