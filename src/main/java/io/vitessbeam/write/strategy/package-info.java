/**
 * How rows that are staged come into a table that keeps its own: one text of each strategy, for the
 * databases that do it in one transaction. What they write differently is their {@link
 * io.vitessbeam.write.strategy.Dialect}. MySQL and Vitess, whose transactions are short, go another
 * way in their own room: piece by piece, with the same bounds.
 */
@Internal
package io.vitessbeam.write.strategy;

import org.apache.beam.sdk.annotations.Internal;
