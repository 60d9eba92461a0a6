/**
 * Follows the changes of shards: what vtgate's VStream sends becomes blocks of changes with
 * positions. Everything but the DoFns and what they need works, and is tested, without Beam.
 */
package io.vitessbeam.vstream;
