package io.vitessbeam.vstream.decode;

import static io.vitessbeam.vstream.decode.DdlStatement.Effect.ADDS_COLUMNS;
import static io.vitessbeam.vstream.decode.DdlStatement.Effect.ADDS_FILLED_COLUMNS;
import static io.vitessbeam.vstream.decode.DdlStatement.Effect.CHANGES;
import static io.vitessbeam.vstream.decode.DdlStatement.Effect.NONE;
import static io.vitessbeam.vstream.decode.DdlStatement.Effect.TRUNCATES;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.vstream.decode.DdlStatement.Effect;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Statements as Vitess normalises them, and as people write them at a mysqld. */
class DdlStatementTest {

  static Stream<Arguments> effects() {
    return Stream.of(
        Arguments.of(ADDS_COLUMNS, "alter table t add column b int"),
        Arguments.of(ADDS_COLUMNS, "ALTER TABLE t ADD b INT"),
        Arguments.of(ADDS_COLUMNS, "alter table t add column b int null"),
        Arguments.of(ADDS_COLUMNS, "alter table t add column b int default null"),
        Arguments.of(ADDS_COLUMNS, "alter table t add column `b` varchar(40) collate utf8mb4_bin"),
        Arguments.of(ADDS_COLUMNS, "alter table t add column `not` decimal(10,2) comment 'x'"),
        Arguments.of(ADDS_COLUMNS, "alter table t add column b int comment 'not null, after a'"),
        Arguments.of(ADDS_COLUMNS, "alter table t add column b enum('first','not','a,b')"),
        Arguments.of(ADDS_COLUMNS, "alter table shop.t add column b int;"),
        Arguments.of(ADDS_COLUMNS, "alter table `shop`.`t` add column b int -- not null"),
        Arguments.of(ADDS_COLUMNS, "alter table t add column b int, algorithm = instant"),
        Arguments.of(ADDS_COLUMNS, "alter table t lock=none, add b int, add index i (b)"),
        Arguments.of(ADDS_COLUMNS, "alter table t add column b int, add column c text"),
        Arguments.of(ADDS_FILLED_COLUMNS, "alter table t add column b int not null"),
        Arguments.of(ADDS_FILLED_COLUMNS, "alter table t add column b int default 5"),
        Arguments.of(ADDS_FILLED_COLUMNS, "alter table t add column b int default '5'"),
        Arguments.of(
            ADDS_FILLED_COLUMNS,
            "alter table t add column b timestamp default current_timestamp()"),
        Arguments.of(CHANGES, "alter table t add column b int first"),
        Arguments.of(CHANGES, "alter table t add column b int after a"),
        Arguments.of(ADDS_FILLED_COLUMNS, "alter table t add column b int as (a + 1) virtual"),
        Arguments.of(
            ADDS_FILLED_COLUMNS, "alter table t add column b int generated always as (a) stored"),
        Arguments.of(CHANGES, "alter table t add column b int auto_increment unique"),
        Arguments.of(CHANGES, "alter table t add column b int invisible"),
        Arguments.of(CHANGES, "alter table t add column b serial"),
        Arguments.of(CHANGES, "alter table t add column b int primary key"),
        Arguments.of(CHANGES, "alter table t add column (b int, c int)"),
        Arguments.of(
            ADDS_FILLED_COLUMNS, "alter table t add column b int, add column c int not null"),
        Arguments.of(CHANGES, "alter table t add column b int, drop column c"),
        Arguments.of(ADDS_FILLED_COLUMNS, "alter table t add column b int /*!50000 not null */"),
        Arguments.of(CHANGES, "alter table t add column b int, drop primary key"),
        Arguments.of(NONE, "alter table t add index i (a)"),
        Arguments.of(NONE, "alter table t add key `primary` (a)"),
        Arguments.of(NONE, "alter table t add unique index i (a, b)"),
        Arguments.of(NONE, "alter table t add fulltext key i (a)"),
        Arguments.of(NONE, "alter table t add spatial index i (a)"),
        Arguments.of(NONE, "alter table t drop index i"),
        Arguments.of(NONE, "alter table t drop key i, add key i (a, b), algorithm=inplace"),
        Arguments.of(NONE, "alter table t rename index i to j"),
        Arguments.of(NONE, "alter table t alter index i invisible"),
        Arguments.of(NONE, "alter table t comment = 'why, not'"),
        Arguments.of(NONE, "alter table t comment 'new'"),
        Arguments.of(NONE, "ALTER TABLE t ENGINE=InnoDB"),
        Arguments.of(NONE, "alter table t auto_increment = 1000"),
        Arguments.of(NONE, "alter table t row_format=dynamic key_block_size 8, comment 'x'"),
        Arguments.of(NONE, "alter table t engine innodb, add index i (a), algorithm=inplace"),
        Arguments.of(NONE, "alter table t force"),
        Arguments.of(NONE, "alter table t disable keys"),
        Arguments.of(ADDS_COLUMNS, "alter table t comment 'x', add column b int"),
        Arguments.of(CHANGES, "alter table t comment 'x', drop column b"),
        Arguments.of(CHANGES, "alter table t comment"),
        Arguments.of(CHANGES, "alter table t engine ="),
        Arguments.of(CHANGES, "alter table t modify b int comment 'x'"),
        Arguments.of(CHANGES, "alter table t auto_increment = 5 convert to character set latin1"),
        Arguments.of(NONE, "create index i on t (a)"),
        Arguments.of(NONE, "create unique index i on t (a)"),
        Arguments.of(NONE, "create fulltext index i on t (a)"),
        Arguments.of(NONE, "drop index i on t"),
        Arguments.of(NONE, "analyze table t"),
        Arguments.of(CHANGES, "alter table t add primary key (a)"),
        Arguments.of(CHANGES, "alter table t drop primary key"),
        Arguments.of(CHANGES, "alter table t add constraint c primary key (a)"),
        Arguments.of(CHANGES, "alter table t add constraint c check (a > 0)"),
        Arguments.of(CHANGES, "alter table t add constraint c foreign key (a) references u (a)"),
        Arguments.of(CHANGES, "alter table t add partition (partition p values less than (5))"),
        Arguments.of(CHANGES, "alter table t drop partition p"),
        Arguments.of(CHANGES, "alter table t truncate partition p"),
        Arguments.of(CHANGES, "alter table t modify column b varchar(40)"),
        Arguments.of(CHANGES, "alter table t change column b c int"),
        Arguments.of(CHANGES, "alter table t rename column b to c"),
        Arguments.of(CHANGES, "alter table t drop column b"),
        Arguments.of(CHANGES, "alter table t drop b"),
        Arguments.of(CHANGES, "alter table t alter column b set default 5"),
        Arguments.of(CHANGES, "alter table t convert to character set utf8mb4"),
        Arguments.of(CHANGES, "alter table t rename u"),
        Arguments.of(CHANGES, "alter table t"),
        Arguments.of(CHANGES, "alter table t algorithm=inplace"),
        Arguments.of(CHANGES, "rename table t to u"),
        Arguments.of(CHANGES, "drop table t"),
        Arguments.of(CHANGES, "DROP TABLE `t` /* generated by server */"),
        Arguments.of(CHANGES, "create table t (a int)"),
        Arguments.of(CHANGES, "drop database shop"),
        Arguments.of(CHANGES, "what is this"),
        Arguments.of(CHANGES, ""),
        Arguments.of(TRUNCATES, "truncate table t"),
        Arguments.of(TRUNCATES, "TRUNCATE t"),
        Arguments.of(TRUNCATES, "/* why */ truncate table `shop`.`t`"),
        Arguments.of(NONE, "CREATE USER 'a'@'%' IDENTIFIED BY 'drop table t'"),
        Arguments.of(NONE, "ALTER USER a IDENTIFIED BY 'x'"),
        Arguments.of(NONE, "drop role r"),
        Arguments.of(NONE, "CREATE DEFINER=`root`@`%` TRIGGER g BEFORE INSERT ON t FOR EACH ROW"),
        Arguments.of(NONE, "CREATE DEFINER=user@host PROCEDURE p() begin drop table t; end"),
        Arguments.of(NONE, "create or replace algorithm = merge view v as select * from t"),
        Arguments.of(NONE, "drop function if exists f"),
        Arguments.of(NONE, "create event e on schedule every 1 day do delete from t"));
  }

  @ParameterizedTest
  @MethodSource("effects")
  void hasTheEffect(Effect effect, String statement) {
    assertThat(new DdlStatement(statement).effect()).isEqualTo(effect);
  }

  static Stream<Arguments> tables() {
    return Stream.of(
        Arguments.of("alter table a add column b int", List.of("a")),
        Arguments.of("alter table shop.a add column b int", List.of("a")),
        Arguments.of("alter table `a` drop column b", List.of("a")),
        Arguments.of("alter table \"a\" drop column b", List.of("a")),
        Arguments.of("ALTER TABLE A drop column b", List.of("a")),
        Arguments.of("alter table x comment 'a'", List.of()),
        Arguments.of("alter table x /* a */ drop column y", List.of()),
        Arguments.of("alter table x drop column y -- a", List.of()),
        Arguments.of("alter table x drop column y # a", List.of()),
        Arguments.of("alter table `x`.`a b` drop column y", List.of("a b")),
        Arguments.of("alter table `a``b` drop column y", List.of("a`b")),
        Arguments.of("alter table `d-e.f` drop column y", List.of("d-e.f")),
        Arguments.of("alter table tàble drop column y", List.of("tàble")),
        Arguments.of("alter table x rename to a", List.of("a")),
        Arguments.of("alter table x exchange partition p with table b", List.of("b")),
        Arguments.of("rename table a to b", List.of("a", "b")),
        Arguments.of("rename table x to y, `a` to z", List.of("a")),
        Arguments.of("truncate a", List.of("a")),
        Arguments.of("truncate table x.b", List.of("b")),
        Arguments.of("drop table if exists x, b", List.of("b")),
        Arguments.of("DROP TEMPORARY TABLE a", List.of("a")),
        Arguments.of("drop tables a, b", List.of("a", "b")),
        Arguments.of("create table if not exists a (b int)", List.of("a")),
        Arguments.of("create table x like a", List.of()),
        Arguments.of("create table x (y int references a (b))", List.of()));
  }

  @ParameterizedTest
  @MethodSource("tables")
  void concernsTheTables(String statement, List<String> concerned) {
    List<String> all = List.of("a", "b", "a b", "a`b", "d-e.f", "tàble");

    assertThat(all.stream().filter(new DdlStatement(statement)::concerns).toList())
        .isEqualTo(concerned);
  }

  @Test
  void whatIsNotUnderstoodConcernsAll() {
    assertThat(new DdlStatement("drop everything").concerns("a")).isTrue();
    assertThat(new DdlStatement("drop database shop").concerns("a")).isTrue();
    assertThat(new DdlStatement("").concerns("a")).isTrue();
  }

  @Test
  void knowsTheAddedColumns() {
    assertThat(added("alter table t add column b int")).containsExactly("b");
    assertThat(added("alter table t add `odd ``name` int, add c int"))
        .containsExactly("odd `name", "c");
  }

  private static List<String> added(String statement) {
    return new DdlStatement(statement).addedColumns();
  }

  @Property
  void anyTextIsRead(@ForAll String text, @ForAll String more) {
    for (String statement : List.of(text, "alter table " + text, "alter table t add " + more)) {
      DdlStatement ddl = new DdlStatement(statement);
      assertThat(ddl.effect()).isNotNull();
      assertThat(ddl.concerns(more)).isIn(true, false);
      assertThat(ddl).hasToString(statement);
    }
  }

  /** As vttablet writes it. */
  @Test
  void theEndOfAnOnlineDdl() {
    String hold = "`_vt_hld_bf8ed2c6ecb911f18349d6f853375e93_20261201122955_`";
    String filled = "`_vt_vrp_bcb49c38ecb911f1b7d7d6f853375e93_20261130122951_`";
    DdlStatement swap =
        new DdlStatement(
            "RENAME TABLE `t` TO %s, %s TO `t`, %s TO %s".formatted(hold, filled, hold, filled));

    assertThat(swap.onlineMigration("t")).contains("bcb49c38_ecb9_11f1_b7d7_d6f853375e93");
    assertThat(swap.concerns("t")).isTrue();
    assertThat(swap.effect()).isEqualTo(CHANGES);
    assertThat(swap.onlineMigration("u")).isEmpty();
    for (String other : List.of("rename table t to u, u to t", "rename table t to " + hold)) {
      assertThat(new DdlStatement(other).onlineMigration("t")).isEmpty();
    }
  }

  /** Quotes that are left open, signs and comments of all kinds. */
  @Property
  void anySignsAreRead(@ForAll("signs") String text) {
    assertThat(new DdlStatement("alter table `t` add column b int " + text).effect()).isNotNull();
  }

  @Provide
  Arbitrary<String> signs() {
    return Arbitraries.strings().withChars("'\"`\\/*!-#() ,;.a0\n").ofMaxLength(12);
  }
}
