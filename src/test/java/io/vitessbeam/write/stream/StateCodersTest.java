package io.vitessbeam.write.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.vitessbeam.SyncedTable;
import io.vitessbeam.Vgtid.ShardGtid;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockCoder;
import io.vitessbeam.block.Origin;
import io.vitessbeam.read.RangePosition;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.sync.StoredTables;
import io.vitessbeam.sync.SyncPlan;
import io.vitessbeam.vstream.StreamedChanges;
import io.vitessbeam.vstream.StreamedChangesCoder;
import io.vitessbeam.vstream.follow.StreamEnd;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import io.vitessbeam.vstream.position.StreamPositionCoder;
import io.vitessbeam.vstream.position.Successor;
import io.vitessbeam.write.SyncReceipt;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;

/** What a stream keeps in a runner's checkpoint comes back as it was. */
class StateCodersTest {

  private static final TableSchema TABLE =
      new TableSchema(
          "shop",
          "t",
          List.of(new Column("id", ColumnType.of(MysqlType.BIGINT), false)),
          List.of("id"));

  private static final Gathered GATHERED =
      new Gathered(
          Long.MIN_VALUE,
          1_704_067_230_000L,
          70_000,
          1L << 33,
          Map.of(
              "-80",
              new Gathered.Applied(9, "MySQL56/x:1-8", false, List.of()),
              "80-",
              new Gathered.Applied(
                  1,
                  "MySQL56/y:1-2",
                  true,
                  List.of(new ShardGtid("80-c0", "MySQL56/a:1"), new ShardGtid("c0-", "")))));

  private static StreamedChanges changes() {
    StreamPosition after =
        new StreamPosition(
            "MySQL56/x:1-8",
            ByteString.EMPTY,
            true,
            0,
            2,
            2,
            Map.of("other", "it was altered"),
            List.of(new Successor("80-", "MySQL56/y:1", 4, 1_704_067_200_000L)),
            true);
    byte[] bytes = {1, '7'};
    Block block = new Block(TABLE, new Origin(1, 0, 1, 1, -1, "0"), 1, bytes, bytes.length);
    return new StreamedChanges(
        7, "0", List.of(block, block), after, 1_704_067_200_000L, 7, "resharded");
  }

  @Test
  void everythingComesBack() throws Exception {
    CoderProperties.coderDecodeEncodeEqual(new GatheredCoder(), GATHERED);
    CoderProperties.coderDecodeEncodeEqual(new GatheredCoder(), Gathered.NOTHING);
    StreamedChanges changes = changes();
    StreamedChanges back = CoderUtils.clone(StreamedChangesCoder.of(), changes);
    assertThat(back).usingRecursiveComparison().ignoringFields("blocks").isEqualTo(changes);
    assertThat(back.blocks()).hasSameSizeAs(changes.blocks());
    assertThat(CoderUtils.encodeToByteArray(StreamedChangesCoder.of(), back))
        .isEqualTo(CoderUtils.encodeToByteArray(StreamedChangesCoder.of(), changes));
  }

  @Test
  void whatALaterVersionSavedIsRefused() {
    assertRefused(new GatheredCoder(), CoderException.class, 2);
    assertRefused(StreamedChangesCoder.of(), CoderException.class, 2);
    assertRefused(new GatheredCoder(), EOFException.class);
    assertRefused(StreamedChangesCoder.of(), EOFException.class);
  }

  private static void assertRefused(
      Coder<?> coder, Class<? extends Exception> failure, int... bytes) {
    byte[] saved = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      saved[i] = (byte) bytes[i];
    }
    assertThatThrownBy(() -> coder.decode(new ByteArrayInputStream(saved))).isInstanceOf(failure);
  }

  /**
   * Runners keep coders in Java's form beside what they write, and side inputs and elements of ours
   * go in that form. Java asks for the same serialVersionUID in all classes but records and enums.
   */
  @Test
  void anotherBuildReadsItWhateverItsSerialVersionUids() throws Exception {
    for (Coder<?> coder :
        List.of(
            new GatheredCoder(),
            StreamedChangesCoder.of(),
            StreamPositionCoder.of(),
            BlockCoder.of(),
            SerializableCoder.of(SyncPlan.class))) {
      assertThat(classesOf(coder)).as(coder.toString()).allMatch(StateCodersTest::hasNoVersion);
      assertThat(SerializableUtils.clone(coder)).isEqualTo(coder);
    }
    for (Class<?> type :
        List.of(
            StoredTables.class,
            SyncPlan.class,
            SyncReceipt.class,
            SyncedTable.class,
            StreamEnd.class,
            ShardStream.class,
            RangePosition.class)) {
      Set<Class<?>> reached = new HashSet<>();
      reach(type, reached);
      assertThat(reached).as(type.getName()).allMatch(StateCodersTest::hasNoVersion);
    }
  }

  private static boolean hasNoVersion(Class<?> type) {
    return type.isRecord() || type.isEnum() || type.isSealed();
  }

  /** Of ours, in the serialized form. */
  private static Set<Class<?>> classesOf(Serializable value) throws Exception {
    Set<Class<?>> classes = new HashSet<>();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())) {
          @Override
          protected Class<?> resolveClass(ObjectStreamClass described)
              throws IOException, ClassNotFoundException {
            Class<?> type = super.resolveClass(described);
            if (type.getName().startsWith("io.vitessbeam.")) {
              classes.add(type);
            }
            return type;
          }
        }) {
      in.readObject();
    }
    return classes;
  }

  /** All classes of ours that a value of a type may hold. */
  private static void reach(Type type, Set<Class<?>> reached) {
    if (type instanceof ParameterizedType generic) {
      reach(generic.getRawType(), reached);
      for (Type argument : generic.getActualTypeArguments()) {
        reach(argument, reached);
      }
    } else if (type instanceof Class<?> known
        && known.getName().startsWith("io.vitessbeam.")
        && reached.add(known)) {
      if (known.isRecord()) {
        for (RecordComponent component : known.getRecordComponents()) {
          reach(component.getGenericType(), reached);
        }
      } else if (known.isSealed()) {
        for (Class<?> permitted : known.getPermittedSubclasses()) {
          reach(permitted, reached);
        }
      }
    }
  }
}
