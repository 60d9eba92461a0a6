package io.vitessbeam.read.postgresql;

import io.vitessbeam.connect.PostgresqlServer;
import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.read.cursor.SourceRows;
import io.vitessbeam.read.cursor.UndividedRead;
import io.vitessbeam.read.cursor.ValueText;
import io.vitessbeam.schema.TableSchema;
import java.util.List;
import java.util.Objects;

/**
 * A read of PostgreSQL that has been checked against the server.
 *
 * @param select the statement whose rows are copied out
 * @param texts how the value of each column is made MySQL's
 */
record CopyRequest(PostgresqlUri uri, TableSchema schema, String select, List<ValueText> texts)
    implements UndividedRead {

  CopyRequest {
    Objects.requireNonNull(uri, "uri");
    Objects.requireNonNull(schema, "schema");
    Objects.requireNonNull(select, "select");
    texts = List.copyOf(texts);
  }

  @Override
  public SourceRows open() {
    return new CopyRows(new PostgresqlServer(uri).reading(), schema, texts, select);
  }
}
