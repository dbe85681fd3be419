@NullMarked
package dev.roster.http;

import org.jspecify.annotations.NullMarked;
