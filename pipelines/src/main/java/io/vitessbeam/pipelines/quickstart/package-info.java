/**
 * The program without arguments: a Vitess of its own, a small shop in it, and both kinds of copies.
 */
package io.vitessbeam.pipelines.quickstart;
