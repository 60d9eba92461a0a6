package io.vitessbeam.write.mysql;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.mysql.TableInfo.ColumnInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The columns of a key, so that InnoDB can index them: 3,072 bytes together. Texts and bytes
 * without a bound, or with a longer one, become as long as fits; a value that is longer is refused
 * when it comes.
 */
public final class KeyDefinitions {

  private static final int MOST_BYTES = 3072;

  private KeyDefinitions() {}

  /**
   * The type of each key column, with its character set. It is the target's, where that has the
   * column and takes the source's values: then the keys compare as the target compares them, and by
   * its index.
   *
   * @param exact of texts that the target doesn't have
   * @param others bytes of what is in the index beside the keys
   */
  public static Map<String, String> of(
      List<String> keys,
      TableSchema source,
      Optional<TableInfo> target,
      KeyCollation exact,
      int others) {
    Map<String, String> definitions = new HashMap<>();
    List<Text> texts = new ArrayList<>();
    int left = MOST_BYTES - others;
    for (String key : keys) {
      Column column = source.column(key);
      Optional<ColumnInfo> there = target.flatMap(table -> table.column(key));
      ColumnType type =
          there
              .map(ColumnInfo::type)
              .filter(own -> TypeFit.takes(own, column.type()))
              .orElse(column.type());
      String suffix = suffix(there, exact);
      switch (type.base()) {
        case CHAR, VARCHAR, TINYTEXT, TEXT, MEDIUMTEXT, LONGTEXT, ENUM, SET ->
            texts.add(new Text(key, length(type), bytesPerCharacter(there), "VARCHAR", suffix));
        case VARBINARY, TINYBLOB, BLOB, MEDIUMBLOB, LONGBLOB ->
            texts.add(new Text(key, length(type), 1, "VARBINARY", ""));
        case JSON, GEOMETRY, VECTOR ->
            throw new ConfigurationException(
                "Column "
                    + key
                    + " of "
                    + source.qualifiedName()
                    + " is of type "
                    + type.base()
                    + " and can't be a key; name other key columns");
        default -> {
          definitions.put(key, ColumnTypes.of(type));
          left -= type.base() == MysqlType.BINARY ? (int) type.length() : 32;
        }
      }
    }
    texts.sort(Comparator.comparingLong(Text::bytes));
    for (int i = 0; i < texts.size(); i++) {
      Text text = texts.get(i);
      long length = Math.min(text.length, left / (texts.size() - i) / text.bytesEach);
      definitions.put(text.name, text.type + "(" + length + ")" + text.suffix);
      left -= (int) (length * text.bytesEach);
    }
    return definitions;
  }

  private record Text(String name, long length, int bytesEach, String type, String suffix) {
    long bytes() {
      return length * bytesEach;
    }
  }

  private static long length(ColumnType type) {
    return switch (type.base()) {
      case ENUM -> type.labels().stream().mapToInt(String::length).max().orElse(1);
      case SET -> type.labels().stream().mapToInt(label -> label.length() + 1).sum();
      default -> Math.max(1, Math.min(type.length() == 0 ? Long.MAX_VALUE : type.length(), 65_535));
    };
  }

  private static int bytesPerCharacter(Optional<ColumnInfo> there) {
    return switch (there.map(ColumnInfo::characterSet).orElse("")) {
      case "latin1", "ascii", "latin2", "cp1250", "cp1251", "koi8r" -> 1;
      case "utf8", "utf8mb3" -> 3;
      default -> 4;
    };
  }

  /** Without a target that says otherwise, keys that differ in any way are different. */
  private static String suffix(Optional<ColumnInfo> there, KeyCollation exact) {
    return there
        .filter(column -> !column.characterSet().isEmpty())
        .map(column -> column.definition().substring(column.columnType().length()))
        .orElse(exact.definition());
  }
}
