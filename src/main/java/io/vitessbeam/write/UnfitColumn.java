package io.vitessbeam.write;

/** What is said of a column that takes no values of a type. */
public final class UnfitColumn {

  private UnfitColumn() {}

  /**
   * The message, with ways out.
   *
   * @param column with its table, where that is known
   * @param present its type
   * @param wanted that of the values
   */
  public static String message(String column, String present, String wanted) {
    return "Column "
        + column
        + " is "
        + present
        + " and does not take values of type "
        + wanted
        + " unchanged: alter it or the source, exclude it, or replace the table (--full-refresh, or"
        + " the strategy replace)";
  }
}
