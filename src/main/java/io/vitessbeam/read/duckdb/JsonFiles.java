package io.vitessbeam.read.duckdb;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.FileUri;
import io.vitessbeam.VitessBeamException;
import io.vitessbeam.read.duckdb.JsonTable.Kind;
import io.vitessbeam.read.duckdb.TextColumn.Form;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Files of JSON lines as one table: every key of every line is a column. */
final class JsonFiles {

  private final DuckDbSession session;
  private final FileUri uri;
  private final GivenTypes given;

  JsonFiles(DuckDbSession session, FileUri uri, GivenTypes given) {
    this.session = session;
    this.uri = uri;
    this.given = given;
  }

  FileTable table() throws SQLException {
    FileList files = FileList.of(session, uri);
    Map<String, String> options = new TreeMap<>(uri.options());
    options.keySet().removeAll(List.of("dateformat", "timestampformat"));
    String call = files.call("read_ndjson_objects", options, "hive_types_autocast = false");
    List<String> partitions = session.column("DESCRIBE FROM " + call);
    String select = "SELECT CAST(json AS VARCHAR), * EXCLUDE (json) FROM " + call;
    JsonKeys keys = new JsonKeys();
    List<Set<Kind>> kinds = kinds(select, keys);
    if (keys.names().isEmpty()) {
      throw new ConfigurationException(
          uri.pattern() + " has no keys in any line, and so no columns");
    }
    List<JsonTable.Key> known = new ArrayList<>();
    List<TextColumn> texts = new ArrayList<>();
    for (String name : keys.names()) {
      Form form = form(name, kinds.get(known.size()));
      texts.add(new TextColumn(name, TableUnion.alias(texts.size()), form));
      known.add(new JsonTable.Key(name, form != Form.JSON));
    }
    partitions = partitions.subList(1, partitions.size());
    for (int i = 0; i < partitions.size(); i++) {
      if (!keys.names().contains(partitions.get(i))) {
        texts.add(
            new TextColumn(partitions.get(i), TableUnion.alias(known.size() + i), Form.FIELD));
      }
    }
    JsonTable table = new JsonTable(uri.pattern(), select, known, partitions);
    return new TypeGuess(
            session, uri.options(), new FileTable(List.of(), JsonTable.FROM, table), texts)
        .typed();
  }

  /** What the values of each key are. */
  private List<Set<Kind>> kinds(String select, JsonKeys keys) throws SQLException {
    List<Set<Kind>> kinds = new ArrayList<>();
    JsonMembers members = new JsonMembers();
    try (JsonLines lines = JsonLines.open(select)) {
      while (lines.next()) {
        byte[] json = lines.line();
        members.read(json);
        keys.begin();
        for (int i = 0; i < members.count(); i++) {
          int key = keys.number(json, members.keyBegin(i), members.keyEnd(i));
          if (key == kinds.size()) {
            kinds.add(EnumSet.noneOf(Kind.class));
          }
          kinds.get(key).add(Kind.of(json, members.valueBegin(i), members.valueEnd(i)));
        }
      }
    } catch (IOException e) {
      throw DuckDbSession.refused("Looking at " + uri.pattern(), e);
    } catch (VitessBeamException e) {
      throw new ConfigurationException(uri.pattern() + ": " + e.getMessage(), e);
    }
    return kinds;
  }

  private Form form(String name, Set<Kind> kinds) {
    return switch (given.of(name)) {
      case TEXT -> Form.TEXT;
      case JSON -> Form.JSON;
      case CONVERTED -> Form.CONVERTED;
      case GUESSED -> {
        Set<Kind> values = EnumSet.copyOf(kinds);
        values.remove(Kind.NULL);
        yield values.size() == 1 ? form(values.iterator().next()) : Form.JSON;
      }
    };
  }

  private static Form form(Kind kind) {
    return switch (kind) {
      case STRING -> Form.JSON_STRING;
      case NUMBER -> Form.JSON_NUMBER;
      case TRUTH -> Form.JSON_TRUTH;
      case NESTED, NULL -> Form.JSON;
    };
  }
}
