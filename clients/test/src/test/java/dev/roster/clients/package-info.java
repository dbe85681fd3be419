/** Tests the API from outside, with {@code openapi.yaml} as the only knowledge of it. */
@NullMarked
package dev.roster.clients;

import org.jspecify.annotations.NullMarked;
