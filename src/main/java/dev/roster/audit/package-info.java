/**
 * Who did what, and when: events that are written in the transaction of what they record, sealed in batches soon after,
 * verified on demand, and dropped by months.
 *
 * <p>Two kinds of codes that only the holder of the key can make (HMAC-SHA-256) show what was done to them since. Each
 * event has one over its columns: an edited or forged row is found by itself, and no writer waits for another. Each seal has
 * one over the ids and codes of the events that were written since the last seal, and the code of that: a row or a seal
 * that was removed or moved is found by those that name it.
 *
 * <p>The user agent is free text, and has a code of its own: it is forgotten when its person is deleted, without which
 * nothing could be. Ids and addresses of the network stay until the month's retention ends.
 *
 * <p>Knows neither the write side nor the read side; of the other rooms, where a request comes from, the secret key, and
 * how ids are made.
 */
@NullMarked
package dev.roster.audit;

import org.jspecify.annotations.NullMarked;
