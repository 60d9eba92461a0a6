/**
 * From blocks to staged rows in Vitess and MySQL: each block goes into the staging table by
 * prepared INSERTs, in one transaction with its entry in the ledger, so that a block that comes
 * again is known; rows that the columns can't hold as they are, and keys that come twice, are found
 * here.
 */
@Internal
package io.vitessbeam.write.mysql.staging;

import org.apache.beam.sdk.annotations.Internal;
