package io.vitessbeam.connect;

import io.grpc.Status;
import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.TransientException;
import io.vitessbeam.VitessBeamException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Says what the end of a VStream means: which of the project's exceptions it is and what to do
 * about it. What a tablet says passes through vtgate as text, often with the code UNKNOWN, so texts
 * are looked at first and codes then.
 */
public final class GrpcFailures {

  private static final String REFRESH =
      "The source can't be followed from this position any more; begin again with a copy";

  /** The parts of a text, in lower case, that have to be there for a meaning. First wins. */
  private record Case(Meaning meaning, String advice, List<String> parts) {

    static Case of(Meaning meaning, String advice, String... parts) {
      return new Case(meaning, advice, List.of(parts));
    }

    boolean fits(String text) {
      return parts.stream().allMatch(text::contains);
    }
  }

  private enum Meaning {
    PASSING,
    REFRESH,
    CONFIGURATION,
    DATA
  }

  private static final String ROW_SIZE =
      "A row is larger than Vitess's limit for a message: raise --grpc-max-message-size of vtgate"
          + " and all vttablets (16 MiB by default) above twice the size of the largest row, as a"
          + " change holds the row before and after it";

  private static final String OTHER_SCHEMA =
      "The table was altered after changes that are still to be read, and Vitess can't read those"
          + " any more";

  private static final String ROW_IMAGE =
      "Set binlog_row_image=FULL in the MySQL of every tablet, and copy again what was changed"
          + " before that";

  private static final String NO_KEYSPACE = "Check the keyspace of the URI: this vtgate hasn't it";

  private static final List<String> NO_TABLET = List.of("failed to find a", "tablet for vstream");

  private static final List<Case> CASES =
      List.of(
          Case.of(Meaning.CONFIGURATION, ROW_SIZE, "message larger than max"),
          Case.of(Meaning.CONFIGURATION, ROW_SIZE, "message exceeds maximum size"),
          // These two also have MySQL's number 1236, which else is that of purged binlogs.
          Case.of(
              Meaning.CONFIGURATION,
              "A change in the binlog is larger than max_allowed_packet of the tablet's MySQL",
              "errno 1236",
              "max_allowed_packet"),
          Case.of(Meaning.PASSING, "", "errno 1236", "same server_"),
          Case.of(Meaning.REFRESH, REFRESH + " (its binlogs are purged)", "errno 1236"),
          Case.of(Meaning.REFRESH, REFRESH + " (its binlogs are purged)", "errno 1789"),
          Case.of(Meaning.REFRESH, REFRESH + " (its binlogs are purged)", "purged binary logs"),
          Case.of(Meaning.REFRESH, REFRESH + " (its binlogs are purged)", "purged required"),
          Case.of(
              Meaning.REFRESH,
              REFRESH + " (its shard is gone, as after a reshard)",
              "shard provided in vgtid",
              "not found"),
          Case.of(
              Meaning.REFRESH,
              REFRESH + " (the shards were changed behind it)",
              "not all journaling participants"),
          Case.of(
              Meaning.REFRESH,
              REFRESH + " (the server never was at it, as after a restore)",
              "gtidset mismatch"),
          Case.of(Meaning.REFRESH, REFRESH + " (it is damaged)", "could not decode position"),
          Case.of(Meaning.REFRESH, REFRESH + " (it is empty)", "stream needs a position or"),
          new Case(
              Meaning.PASSING,
              "Either no tablet of this type serves the shard, which may pass, or none has this"
                  + " position any more: vtgate doesn't tell purged binlogs and unknown positions"
                  + " apart from absent tablets. If the tablets are well, begin again with a copy",
              NO_TABLET),
          Case.of(Meaning.CONFIGURATION, NO_KEYSPACE, "findallshardsinkeyspace", "doesn't exist"),
          Case.of(Meaning.CONFIGURATION, NO_KEYSPACE, "keyspace fetch error", "doesn't exist"),
          Case.of(Meaning.CONFIGURATION, NO_KEYSPACE, "shards in keyspace", "doesn't exist"),
          Case.of(Meaning.CONFIGURATION, ROW_IMAGE, "minimal binlog_row_image"),
          Case.of(Meaning.CONFIGURATION, ROW_IMAGE, "partial row image encountered"),
          Case.of(
              Meaning.CONFIGURATION,
              "Check the name of the table, or whether it was dropped meanwhile",
              "is not present in the database"),
          Case.of(Meaning.DATA, OTHER_SCHEMA, "cannot determine table columns for"),
          Case.of(Meaning.DATA, OTHER_SCHEMA, "unknown table", "in schema"),
          Case.of(Meaning.DATA, OTHER_SCHEMA, "cannot use column names in vstream filter"),
          Case.of(Meaning.DATA, OTHER_SCHEMA, "column", "not found in table"));

  /** What a tablet or its MySQL says when it goes away, with the code UNKNOWN or INTERNAL. */
  private static final Set<String> PASSING_TEXTS =
      Set.of(
          "code = unavailable",
          "connection refused",
          "connection reset",
          "broken pipe",
          "server eof",
          "unexpected eof",
          "error reading from server: eof",
          "rst_stream",
          "rst stream",
          "vstreamer is not open",
          "not serving",
          "no healthy tablet",
          "restarting vstream",
          "health check failed",
          "vstream ended unexpectedly",
          "context deadline exceeded",
          "context canceled",
          "context has expired",
          "errno 2002",
          "errno 2003",
          "errno 2006",
          "errno 2013",
          "errno 1053",
          "errno 1205",
          "errno 1213",
          "errno 1317",
          "errno 3024");

  /** What vttablet says of a table whose schema of today doesn't fit changes of before. */
  private record Unreadable(String before, String after, String reason) {

    boolean is(String text, String table) {
      return Pattern.compile(Pattern.quote(before + table + after) + "(?!\\w)")
          .matcher(text)
          .find();
    }
  }

  private static final String ALTERED =
      "its columns were changed, and older changes don't fit them";

  private static final List<Unreadable> UNREADABLE =
      List.of(
          new Unreadable("cannot determine table columns for ", ": event has", ALTERED),
          new Unreadable("unknown table ", " in schema", "it was dropped or renamed"),
          new Unreadable("current table schema for table ", " is not compatible", ALTERED),
          new Unreadable("not found in table ", "", ALTERED));

  private GrpcFailures() {}

  /**
   * The end of a stream that wasn't asked for.
   *
   * @param doing what was being done, naming keyspace and shard: "following customer/-80"
   */
  public static VitessBeamException streaming(String doing, Throwable failure) {
    if (failure instanceof VitessBeamException known) {
      return known;
    }
    Status status = Status.fromThrowable(failure);
    String said = doing + " failed: " + GrpcText.of(status);
    String text = String.valueOf(status.getDescription()).toLowerCase(Locale.ROOT);
    if (GrpcText.isOfTls(status)) {
      return new ConfigurationException(
          said + ". TLS fails, which retrying doesn't mend: check certificates and their dates",
          failure);
    }
    for (Case known : CASES) {
      if (known.fits(text)) {
        return exception(
            known.meaning(),
            said + (known.advice().isEmpty() ? "" : ". " + known.advice()),
            failure);
      }
    }
    if (PASSING_TEXTS.stream().anyMatch(text::contains)) {
      return exception(Meaning.PASSING, said, failure);
    }
    return switch (status.getCode()) {
      // FAILED_PRECONDITION is a tablet that isn't, or is no longer, of the type asked for.
      case UNAVAILABLE,
          ABORTED,
          CANCELLED,
          DEADLINE_EXCEEDED,
          RESOURCE_EXHAUSTED,
          FAILED_PRECONDITION,
          NOT_FOUND ->
          exception(Meaning.PASSING, said, failure);
      case UNAUTHENTICATED, PERMISSION_DENIED ->
          exception(Meaning.CONFIGURATION, said + ". Check user and password of the URI", failure);
      case INVALID_ARGUMENT, UNIMPLEMENTED, OUT_OF_RANGE, ALREADY_EXISTS ->
          exception(Meaning.CONFIGURATION, said, failure);
      case OK, UNKNOWN, INTERNAL, DATA_LOSS -> exception(Meaning.DATA, said, failure);
    };
  }

  /**
   * Why the changes of a table, given without its keyspace, can't be read any more: the schema that
   * they were made under is gone. Empty for any other failure, and for those of other tables.
   */
  public static Optional<String> whyUnreadable(Throwable failure, String table) {
    String text = String.valueOf(Status.fromThrowable(failure).getDescription());
    return UNREADABLE.stream()
        .filter(unreadable -> unreadable.is(text, table))
        .map(Unreadable::reason)
        .findFirst();
  }

  /**
   * Whether vtgate finds no tablet to stream from: none serves, or none has the position any more.
   */
  public static boolean findsNoTablet(Throwable failure) {
    String text = String.valueOf(Status.fromThrowable(failure).getDescription());
    return NO_TABLET.stream().allMatch(text.toLowerCase(Locale.ROOT)::contains);
  }

  private static VitessBeamException exception(Meaning meaning, String text, Throwable cause) {
    return switch (meaning) {
      case PASSING -> new TransientException(text, cause);
      case REFRESH -> new NeedsRefreshException(text, cause);
      case CONFIGURATION -> new ConfigurationException(text, cause);
      case DATA -> new DataException(text, cause);
    };
  }
}
