@NullMarked
package dev.roster.feed;

import org.jspecify.annotations.NullMarked;
