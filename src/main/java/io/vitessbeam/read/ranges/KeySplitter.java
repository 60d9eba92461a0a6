package io.vitessbeam.read.ranges;

import io.vitessbeam.schema.KeyOrder;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Cuts the keys of one shard into parts of about equally many rows, whatever the key's columns and
 * their distribution: it halves the piece with the most rows until all pieces are small, and then
 * joins neighbours.
 *
 * <p>Small pieces, because the server's estimates can be compared among those only: InnoDB doubles
 * the estimate of a piece of more than a few pages and then cuts it to half of the table, so a
 * quarter and three quarters of a table look alike.
 *
 * <p>Every cut is a key that exists, found by the server between the bounds of the piece and behind
 * its first key. The order of the cuts is therefore the server's own, and the parts hold every row
 * once even where this class's idea of the order (of a collation, say) is wrong.
 */
final class KeySplitter {

  /** Enough for parts that differ by a tenth; each costs about five look-ups in the index. */
  private static final int PIECES_PER_PART = 8;

  /**
   * A skewed key takes up to one cut per bit of its width before it comes to where the rows are.
   */
  private static final int MORE_CUTS = 64;

  private static final int MOST_AIMS = 24;

  private final KeyIndex index;
  private final List<KeyColumn> key;

  KeySplitter(KeyIndex index, List<KeyColumn> key) {
    this.index = index;
    this.key = key;
  }

  /**
   * Neighbouring keys.
   *
   * @param whole whether no cut is to be tried any more
   */
  private record Piece(KeyBound lower, KeyBound upper, long rows, boolean whole) {}

  /** At most {@code parts - 1} cuts in ascending order; fewer where the keys don't allow them. */
  List<KeyBound> split(int parts) throws SQLException {
    if (parts < 2) {
      return List.of();
    }
    long rows = index.estimate(KeyBound.NONE, KeyBound.NONE);
    long small = Math.max(1, rows / ((long) parts * PIECES_PER_PART));
    List<Piece> pieces = new ArrayList<>();
    pieces.add(new Piece(KeyBound.NONE, KeyBound.NONE, rows, false));
    for (int cuts = 2 * parts * PIECES_PER_PART + MORE_CUTS; cuts > 0; cuts--) {
      int largest = largest(pieces);
      if (largest < 0 || pieces.get(largest).rows() <= small) {
        break;
      }
      Piece piece = pieces.remove(largest);
      pieces.addAll(largest, halve(piece));
    }
    return join(pieces, parts);
  }

  /** The index of the piece with the most rows among those that may be cut; -1 for none. */
  private static int largest(List<Piece> pieces) {
    int largest = -1;
    for (int i = 0; i < pieces.size(); i++) {
      if (!pieces.get(i).whole()
          && (largest < 0 || pieces.get(i).rows() > pieces.get(largest).rows())) {
        largest = i;
      }
    }
    return largest;
  }

  /** Cuts where the rows before it come nearest to the share of the parts before it. */
  private static List<KeyBound> join(List<Piece> pieces, int parts) {
    double all = pieces.stream().mapToLong(Piece::rows).sum();
    List<KeyBound> cuts = new ArrayList<>();
    double before = 0;
    for (Piece piece : pieces) {
      double wanted = all * (cuts.size() + 1) / parts;
      double behind = before + piece.rows();
      if (cuts.size() < parts - 1 && behind > wanted && !piece.lower().isNone()) {
        boolean nearer = wanted - before <= behind - wanted;
        KeyBound cut = nearer || piece.upper().isNone() ? piece.lower() : piece.upper();
        if (cuts.isEmpty() || !cuts.get(cuts.size() - 1).equals(cut)) {
          cuts.add(cut);
        }
      }
      before = behind;
    }
    return cuts;
  }

  /** Two pieces, or the same one marked as whole. */
  private List<Piece> halve(Piece piece) throws SQLException {
    Optional<KeyBound> cut = cut(piece.lower(), piece.upper());
    if (cut.isEmpty()) {
      return List.of(new Piece(piece.lower(), piece.upper(), piece.rows(), true));
    }
    return List.of(piece(piece.lower(), cut.get()), piece(cut.get(), piece.upper()));
  }

  private Piece piece(KeyBound lower, KeyBound upper) throws SQLException {
    return new Piece(lower, upper, index.estimate(lower, upper), false);
  }

  /** A key near the middle of the values between two bounds, behind the first key there. */
  private Optional<KeyBound> cut(KeyBound lower, KeyBound upper) throws SQLException {
    Optional<KeyIndex.Key> first = index.first(lower, upper);
    Optional<KeyIndex.Key> last = index.last(lower, upper);
    if (first.isEmpty() || last.isEmpty()) {
      return Optional.empty();
    }
    List<byte[]> low = first.get().values();
    List<byte[]> high = last.get().values();
    for (int column = 0; column < key.size(); column++) {
      // What all keys begin with is left to the columns behind it.
      if (!Arrays.equals(low.get(column), high.get(column))) {
        return aim(low, high, column, lower, upper);
      }
    }
    return Optional.empty();
  }

  /** The first key behind the middle; where none is, behind the middle of what is left below. */
  private Optional<KeyBound> aim(
      List<byte[]> low, List<byte[]> high, int column, KeyBound lower, KeyBound upper)
      throws SQLException {
    KeyColumn keyColumn = key.get(column);
    String collation =
        keyColumn.type().keyOrder() == KeyOrder.TEXT ? index.collation(keyColumn) : "";
    KeySpace space =
        KeySpace.between(keyColumn.type(), low.get(column), high.get(column), collation);
    BigInteger from = space.number(low.get(column));
    BigInteger to = space.number(high.get(column));
    if (from.compareTo(to) > 0) {
      // The collation has another order than the code points: the values may be anywhere below.
      to = from;
      from = BigInteger.ZERO;
    }
    for (int aims = 0; aims < MOST_AIMS && from.compareTo(to) <= 0; aims++) {
      BigInteger middle = from.add(to).add(BigInteger.ONE).shiftRight(1);
      List<byte[]> values = new ArrayList<>(low.subList(0, column));
      values.add(space.value(middle));
      KeyBound aimed = new KeyIndex.Key(values).bound(key);
      // Within the piece, since what was aimed at may be before it by the collation.
      Optional<KeyIndex.Key> found = index.firstBehind(aimed, lower, upper);
      if (found.isEmpty()) {
        to = middle.subtract(BigInteger.ONE);
      } else if (same(found.get().values(), low)) {
        from = middle.add(BigInteger.ONE);
      } else {
        return Optional.of(found.get().bound(key));
      }
    }
    return Optional.empty();
  }

  private boolean same(List<byte[]> a, List<byte[]> b) {
    for (int i = 0; i < key.size(); i++) {
      if (!Arrays.equals(a.get(i), b.get(i))) {
        return false;
      }
    }
    return true;
  }
}
