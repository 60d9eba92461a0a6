/**
 * Loads tables into MySQL and unsharded Vitess keyspaces. Everything that a load keeps stands in
 * the target's own database and is named {@code _vitessbeam_…}: the staged rows, a ledger of the
 * blocks that are staged, and one registry of the loads that are under way. Blocks are staged by
 * any number of JVMs; one of them publishes, in short transactions over ranges of the staged rows,
 * of which the registry keeps how many are done.
 */
@Internal
package io.vitessbeam.write.mysql;

import org.apache.beam.sdk.annotations.Internal;
