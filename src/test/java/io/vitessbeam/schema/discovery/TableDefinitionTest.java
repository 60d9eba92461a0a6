package io.vitessbeam.schema.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.schema.discovery.TableDefinition.Change;
import io.vitessbeam.schema.discovery.TableDefinition.Change.Added;
import io.vitessbeam.schema.discovery.TableDefinition.Change.Different;
import io.vitessbeam.schema.discovery.TableDefinition.Change.Same;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableDefinitionTest {

  private static final ColumnDefinition A = column("a", "int");
  private static final ColumnDefinition B =
      new ColumnDefinition("b", "varchar(9)", "utf8mb4", "utf8mb4_bin", true, "", "", "");
  private static final ColumnDefinition C = column("c", "bigint");
  private static final TableDefinition OLD = table(A, B);

  @Test
  void theSame() {
    assertThat(OLD.compareTo(OLD)).isEqualTo(new Same());
  }

  @Test
  void nullableColumnsAtTheEnd() {
    ColumnDefinition d =
        new ColumnDefinition("d", "text", "utf8mb4", "utf8mb4_bin", true, "", "", "");

    assertThat(table(A, B, d).compareTo(OLD)).isEqualTo(new Added(List.of("d")));
    assertThat(table(A, B, d, nullable("e", "", "", "")).compareTo(OLD))
        .isEqualTo(new Added(List.of("d", "e")));
  }

  @Test
  void newColumnsThatOlderRowsHaveValuesIn() {
    String what = "column n is new and not NULL in older rows";
    assertThat(table(A, B, column("n", "int")).compareTo(OLD)).isEqualTo(new Different(what));
    for (ColumnDefinition column :
        List.of(
            nullable("n", "=5", "", ""),
            nullable("n", "=", "", ""),
            nullable("n", "", "STORED GENERATED", "`a` + 1"))) {
      assertThat(table(A, B, column).compareTo(OLD)).isEqualTo(new Different(what));
    }
  }

  @Test
  void whatIsDifferentIsSaid() {
    assertThat(what(A)).isEqualTo("column b is gone");
    assertThat(what(A, C)).isEqualTo("column b is gone");
    assertThat(what(C, A, B)).isEqualTo("column c is new and not at the end");
    assertThat(what(B, A)).isEqualTo("the columns have another order");
    assertThat(what(column("a", "bigint"), B))
        .isEqualTo("column a has another type: int -> bigint");
    assertThat(what(nullable("a", "", "", ""), B))
        .isEqualTo("column a has another nullability: NOT NULL -> NULL");
    assertThat(what(A, new ColumnDefinition("b", "varchar(9)", "latin1", "x", true, "=y", "", "")))
        .isEqualTo("column b has another character set: utf8mb4 -> latin1");
    assertThat(
            what(
                A,
                new ColumnDefinition(
                    "b", "varchar(9)", "utf8mb4", "utf8mb4_bin", true, "=y", "", "")))
        .isEqualTo("column b has another default: none -> y");
    assertThat(
            what(
                A,
                new ColumnDefinition(
                    "b", "varchar(9)", "utf8mb4", "utf8mb4_bin", true, "=", "", "")))
        .isEqualTo("column b has another default: none -> ''");
    assertThat(
            ((Different)
                    new TableDefinition(List.of(A, B, nullable("n", "", "", "")), List.of("a", "b"))
                        .compareTo(OLD))
                .what())
        .isEqualTo("the primary key changed");
  }

  @Test
  void whatVersionsOfMysqlPrintDifferentlyIsTheSame() {
    ColumnDefinition before =
        new ColumnDefinition(
            "x", "int(11) unsigned", "utf8", "utf8_bin", true, "", "auto_increment", "");
    ColumnDefinition after =
        new ColumnDefinition(
            "x", "int unsigned", "utf8mb3", "utf8mb3_bin", true, "", "AUTO_INCREMENT", "");

    assertThat(after).isEqualTo(before);
    assertThat(column("y", "year(4)")).isEqualTo(column("y", "year"));
    assertThat(column("d", "decimal(10,2)")).isNotEqualTo(column("d", "decimal"));
    assertThat(column("v", "varchar(10)")).isNotEqualTo(column("v", "varchar"));
    assertThat(column("e", "enum('int(11)')")).isNotEqualTo(column("e", "enum('int')"));
  }

  @Property
  void textIsReadBack(@ForAll("definitions") TableDefinition definition) {
    assertThat(TableDefinition.parse(definition.text())).isEqualTo(definition);
    assertThat(definition.compareTo(TableDefinition.parse(definition.text())))
        .isEqualTo(new Same());
  }

  /** Two definitions are the same exactly if nothing in them differs. */
  @Property
  void onlyEqualOnesAreTheSame(
      @ForAll("definitions") TableDefinition one, @ForAll("definitions") TableDefinition other) {
    Change change = one.compareTo(other);

    assertThat(change instanceof Same).isEqualTo(one.equals(other));
    if (change instanceof Added added) {
      assertThat(other.columns())
          .isEqualTo(one.columns().subList(0, one.columns().size() - added.columns().size()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "1", "1\ta\n1\ta", "2\n2\ta\tint\t\t\tNULL\t\t\t"})
  void otherTextIsRefused(String text) {
    assertThatThrownBy(() -> TableDefinition.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Provide
  Arbitrary<TableDefinition> definitions() {
    Arbitrary<String> text = Arbitraries.strings().withChars("\t\n\\=tné`'(),1").ofMaxLength(6);
    Arbitrary<ColumnDefinition> column =
        Combinators.combine(
                Arbitraries.of("a", "b", "c\t"),
                text,
                text,
                text,
                Arbitraries.of(true, false),
                text,
                text,
                text)
            .as(ColumnDefinition::new);
    return Combinators.combine(
            column.list().ofMinSize(1).ofMaxSize(3).uniqueElements(ColumnDefinition::name),
            text.list().ofMaxSize(2))
        .as(TableDefinition::new);
  }

  private static String what(ColumnDefinition... columns) {
    return ((Different) table(columns).compareTo(OLD)).what();
  }

  private static TableDefinition table(ColumnDefinition... columns) {
    return new TableDefinition(Arrays.asList(columns), List.of("a"));
  }

  private static ColumnDefinition column(String name, String type) {
    return new ColumnDefinition(name, type, "", "", false, "", "", "");
  }

  private static ColumnDefinition nullable(
      String name, String defaultValue, String extra, String expression) {
    return new ColumnDefinition(name, "int", "", "", true, defaultValue, extra, expression);
  }
}
