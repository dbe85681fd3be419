@NullMarked
package dev.roster.http.protocol;

import org.jspecify.annotations.NullMarked;
