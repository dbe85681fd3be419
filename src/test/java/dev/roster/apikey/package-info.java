/** Tests of API keys. */
@NullMarked
package dev.roster.apikey;

import org.jspecify.annotations.NullMarked;
