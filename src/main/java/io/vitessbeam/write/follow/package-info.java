/**
 * Where the tables of a destination stand that follow a source, and whose they are. A run asks
 * {@code DestinationLookUp} before it reads anything; that believes the table of positions ({@code
 * Positions}, which a database keeps by its {@code PositionTable}) where it agrees with the data,
 * else the greatest order in the data. When the changes are in the table, their position is written
 * beside them.
 */
@Internal
package io.vitessbeam.write.follow;

import org.apache.beam.sdk.annotations.Internal;
