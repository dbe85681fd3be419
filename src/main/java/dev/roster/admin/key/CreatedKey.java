package dev.roster.admin.key;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.roster.apikey.KeyRow;

/**
 * The answer to the request that made a key.
 *
 * @param key the key with its secret, which no other answer contains
 */
record CreatedKey(@JsonUnwrapped KeyRow row, String key) {
    @Override
    public String toString() {
        return "CreatedKey[row=" + row + ", key=********]";
    }
}
