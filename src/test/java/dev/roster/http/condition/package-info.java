@NullMarked
package dev.roster.http.condition;

import org.jspecify.annotations.NullMarked;
