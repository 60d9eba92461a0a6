/**
 * From staged rows to the target in Vitess and MySQL: by one RENAME, or by ranges of keys, each in
 * one transaction that notes its progress, so that no statement comes near Vitess's limits and a
 * publication that died goes on where it was.
 */
@Internal
package io.vitessbeam.write.mysql.publish;

import org.apache.beam.sdk.annotations.Internal;
