/**
 * What a user asked to be read, and the request that the server can serve: columns, types, key and
 * interval are checked here, before anything is read.
 */
@Internal
package io.vitessbeam.read.resolve;

import org.apache.beam.sdk.annotations.Internal;
