/**
 * The element that pipelines move: rows of one table in the shape in which they came over the wire.
 */
package io.vitessbeam.block;
