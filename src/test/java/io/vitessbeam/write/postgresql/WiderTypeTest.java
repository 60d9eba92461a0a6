package io.vitessbeam.write.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WiderTypeTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          smallint | bigint | bigint
          bigint | integer | bigint
          integer | numeric(20,0) | numeric(20,0)
          bigint | numeric(20,3) | numeric(22,3)
          numeric(10,2) | numeric(6,4) | numeric(12,4)
          numeric(1000,2) | numeric(6,4) | numeric
          numeric | numeric(65,30) | numeric
          real | double precision | double precision
          integer | real | double precision
          bigint | double precision | text
          numeric(5,0) | double precision | text
          date | timestamp(0) without time zone | timestamp(0) without time zone
          timestamp(3) without time zone | date | timestamp(3) without time zone
          timestamp(0) with time zone | timestamp(6) with time zone | timestamp(6) with time zone
          timestamp with time zone | timestamp(3) with time zone | timestamp with time zone
          timestamp(0) with time zone | timestamp(0) without time zone | text
          character varying(5) | character varying(9) | character varying(9)
          character varying(9) | character varying(5) | character varying(9)
          character varying | character varying(5) | character varying
          character varying(5) | text | text
          text | integer | text
          jsonb | json | jsonb
          json | text | text
          boolean | boolean | boolean
          smallint | boolean | smallint
          boolean | bigint | bigint
          boolean | numeric(6,6) | numeric(7,6)
          numeric(20,0) | boolean | numeric(20,0)
          boolean | double precision | text
          text | boolean | text
          bytea | text | -
          text | bytea | -
          bytea | bytea | bytea
          json | bytea | -
          uuid | bytea | -
          uuid | text | text
          integer[] | text | -
          numeric | double precision | text
          bytea | numeric | -
          numeric(5,-2) | smallint | numeric(7,0)
          character(5) | character varying(3) | character varying(5)
          """)
  void holdsTheValuesOfBoth(String present, String wanted, String wider) {
    assertThat(WiderType.of(present, wanted))
        .isEqualTo(wider.equals("-") ? Optional.empty() : Optional.of(wider));
  }
}
