@NullMarked
package dev.roster.http.problem;

import org.jspecify.annotations.NullMarked;
