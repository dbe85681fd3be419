@NullMarked
package dev.roster.http.cors;

import org.jspecify.annotations.NullMarked;
