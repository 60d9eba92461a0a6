package io.vitessbeam.read;

import io.vitessbeam.schema.KeyOrder;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Cuts the keys of one shard into parts of about equally many rows, whatever the key's columns and
 * their distribution: it aims at a key, asks the server how many rows are on either side, and aims
 * again.
 *
 * <p>Every cut is a key that exists, found by the server between the bounds of the part and behind
 * its first key. The order of the cuts is therefore the server's own, and the parts hold every row
 * once even where this class's idea of the order (of a collation, say) is wrong.
 */
final class KeySplitter {

  /** A cut this near to where it should be is good enough; the estimates are no better. */
  private static final double TOLERANCE = 0.08;

  private static final int MOST_TRIES = 24;

  private final KeyIndex index;
  private final List<KeyColumn> key;

  KeySplitter(KeyIndex index, List<KeyColumn> key) {
    this.index = index;
    this.key = key;
  }

  /** At most {@code parts - 1} cuts in ascending order; fewer where the keys don't allow them. */
  List<KeyBound> split(int parts) throws SQLException {
    List<KeyBound> cuts = new ArrayList<>();
    split(KeyBound.NONE, KeyBound.NONE, parts, cuts);
    return cuts;
  }

  private void split(KeyBound lower, KeyBound upper, int parts, List<KeyBound> cuts)
      throws SQLException {
    if (parts < 2) {
      return;
    }
    int left = parts / 2;
    Optional<KeyBound> cut = new Search(lower, upper, (double) left / parts).cut();
    if (cut.isPresent()) {
      split(lower, cut.get(), left, cuts);
      cuts.add(cut.get());
      split(cut.get(), upper, parts - left, cuts);
    }
  }

  /** The search for the one key that has a given fraction of a part's rows before it. */
  private final class Search {

    private final KeyBound lower;
    private final KeyBound upper;
    private final double fraction;

    private KeyIndex.Key best;
    private double bestError = Double.MAX_VALUE;

    Search(KeyBound lower, KeyBound upper, double fraction) {
      this.lower = lower;
      this.upper = upper;
      this.fraction = fraction;
    }

    Optional<KeyBound> cut() throws SQLException {
      Optional<KeyIndex.Key> first = index.first(lower, upper);
      Optional<KeyIndex.Key> last = index.last(lower, upper);
      if (first.isEmpty() || last.isEmpty()) {
        return Optional.empty();
      }
      KeyIndex.Key low = first.get();
      KeyIndex.Key high = last.get();
      for (int column = 0; column < key.size() && bestError > TOLERANCE; column++) {
        if (Arrays.equals(low.values().get(column), high.values().get(column))) {
          continue;
        }
        // Where one value has most of the rows no cut by this column is good: go on among the rows
        // that have it, by the next column.
        KeyIndex.Key common = aim(first.get(), low, high, column);
        if (column + 1 == key.size() || bestError <= TOLERANCE) {
          break;
        }
        KeyBound prefix = prefix(common, column + 1);
        Optional<KeyIndex.Key> lowest = index.edgeWithPrefix(lower, upper, prefix, true);
        Optional<KeyIndex.Key> highest = index.edgeWithPrefix(lower, upper, prefix, false);
        if (lowest.isEmpty() || highest.isEmpty()) {
          break;
        }
        low = lowest.get();
        high = highest.get();
      }
      return Optional.ofNullable(best).map(found -> found.bound(key));
    }

    /** Narrows a column's values down; gives a key with the value at which the search ended. */
    private KeyIndex.Key aim(KeyIndex.Key first, KeyIndex.Key low, KeyIndex.Key high, int column)
        throws SQLException {
      KeyColumn keyColumn = key.get(column);
      String collation =
          keyColumn.type().keyOrder() == KeyOrder.TEXT ? index.collation(keyColumn) : "";
      byte[] lowValue = low.values().get(column);
      byte[] highValue = high.values().get(column);
      KeySpace space = KeySpace.between(keyColumn.type(), lowValue, highValue, collation);
      BigInteger from = space.number(lowValue);
      BigInteger to = space.number(highValue);
      if (from.compareTo(to) > 0) {
        // The collation has another order than the code points: the keys may be anywhere below.
        to = from;
        from = BigInteger.ZERO;
      }
      BigInteger target = between(from, to, fraction);
      KeyBound prefix = prefix(low, column);
      KeyIndex.Key ended = low;
      for (int tries = 0; tries < MOST_TRIES && from.compareTo(to) <= 0; tries++) {
        KeyBound aimed = bound(low, column, space.value(target));
        Optional<KeyIndex.Key> found = index.first(aimed, upper);
        double share = found.isEmpty() ? 1 : share(first, found.get());
        if (bestError <= TOLERANCE) {
          break;
        }
        // The next key is often far from what was aimed at, and nothing lies between.
        if (share > fraction) {
          BigInteger below = target.subtract(BigInteger.ONE);
          to =
              index
                  .edgeWithPrefix(lower, aimed, prefix, false)
                  .map(last -> space.number(last.values().get(column)).min(below))
                  .orElse(below);
        } else {
          ended = found.get();
          from = space.number(ended.values().get(column)).max(target).add(BigInteger.ONE);
        }
        target = between(from, to, 0.5);
      }
      return ended;
    }

    /** The share of the part's rows before a key; remembers the key if it is the best so far. */
    private double share(KeyIndex.Key first, KeyIndex.Key candidate) throws SQLException {
      if (same(first, candidate)) {
        return 0;
      }
      KeyBound cut = candidate.bound(key);
      double before = index.estimate(lower, cut);
      double behind = index.estimate(cut, upper);
      double share = before / Math.max(1, before + behind);
      double error = Math.abs(share - fraction);
      if (error < bestError) {
        bestError = error;
        best = candidate;
      }
      return share;
    }

    private KeyBound bound(KeyIndex.Key low, int column, byte[] value) {
      List<byte[]> values = new ArrayList<>(low.values().subList(0, column));
      values.add(value);
      return new KeyIndex.Key(values).bound(key);
    }

    private KeyBound prefix(KeyIndex.Key of, int columns) {
      return new KeyIndex.Key(of.values().subList(0, columns)).bound(key);
    }

    private boolean same(KeyIndex.Key a, KeyIndex.Key b) {
      for (int i = 0; i < key.size(); i++) {
        if (!Arrays.equals(a.values().get(i), b.values().get(i))) {
          return false;
        }
      }
      return true;
    }

    private static BigInteger between(BigInteger from, BigInteger to, double fraction) {
      return new BigDecimal(to.subtract(from))
          .multiply(BigDecimal.valueOf(fraction))
          .setScale(0, RoundingMode.DOWN)
          .toBigInteger()
          .add(from);
    }
  }
}
