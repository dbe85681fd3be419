@NullMarked
package dev.roster.support.http;

import org.jspecify.annotations.NullMarked;
