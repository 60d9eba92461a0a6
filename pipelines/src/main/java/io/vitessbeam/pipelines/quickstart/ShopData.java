package io.vitessbeam.pipelines.quickstart;

import io.vitessbeam.pipelines.report.Rates;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Random;

/** A small shop with the same content every time. */
final class ShopData {

  static final int CUSTOMERS = 5_000;
  static final int PRODUCTS = 500;
  static final int ORDERS = 100_000;

  /** All there are. */
  static final List<String> TABLES = List.of("customers", "products", "orders");

  private static final int ROWS_PER_INSERT = 1_000;
  private static final LocalDateTime FIRST_ORDER = LocalDateTime.of(2023, 1, 1, 0, 0);
  private static final int MINUTES = 2 * 365 * 24 * 60;

  private static final List<String> FIRST_NAMES =
      List.of("Zoë", "Łukasz", "José", "Anna", "Müge", "Søren", "Chloé", "Иван", "美咲", "Amina");
  private static final List<String> LAST_NAMES =
      List.of("García", "Müller", "Nowak", "Smith", "Øberg", "Dvořák", "Петров", "佐藤", "O'Neil");
  private static final List<String> COUNTRIES =
      List.of("DE", "PL", "ES", "JP", "US", "DK", "FR", "TR", "CZ");
  private static final List<String> ADJECTIVES =
      List.of(
          "Oak", "Steel", "Linen", "Glass", "Cork", "Crème", "Azur", "Folding", "Small", "Grand");
  private static final List<String> THINGS =
      List.of("Chair", "Lamp", "Kettle", "Rug", "Desk", "Café Set", "Shelf", "Clock", "Mirror");
  private static final List<String> STATUSES = List.of("new", "paid", "shipped", "returned");

  private final Connection connection;
  private final Random random = new Random(20_240_229);

  ShopData(Connection connection) {
    this.connection = connection;
  }

  void createTables() throws SQLException {
    execute(
        """
        CREATE TABLE customers (
          id BIGINT UNSIGNED NOT NULL PRIMARY KEY,
          name VARCHAR(80) NOT NULL,
          email VARCHAR(120) NOT NULL,
          country CHAR(2) NOT NULL,
          born DATE,
          settings JSON NOT NULL,
          KEY (country)
        ) CHARACTER SET utf8mb4
        """);
    execute(
        """
        CREATE TABLE products (
          sku VARCHAR(12) NOT NULL PRIMARY KEY,
          name VARCHAR(80) NOT NULL,
          price DECIMAL(10,2) NOT NULL,
          weight_kg DOUBLE,
          color SET('red','green','blue','black') NOT NULL
        ) CHARACTER SET utf8mb4
        """);
    execute(
        """
        CREATE TABLE orders (
          id BIGINT NOT NULL PRIMARY KEY,
          customer_id BIGINT UNSIGNED NOT NULL,
          sku VARCHAR(12) NOT NULL,
          quantity SMALLINT UNSIGNED NOT NULL,
          total DECIMAL(12,2) NOT NULL,
          status ENUM('new','paid','shipped','returned') NOT NULL,
          note TEXT,
          ordered_at DATETIME(6) NOT NULL,
          updated_at TIMESTAMP NOT NULL
        ) CHARACTER SET utf8mb4
        """);
  }

  void dropTables() throws SQLException {
    execute("DROP TABLE IF EXISTS " + String.join(", ", TABLES));
  }

  void fill() throws SQLException {
    insert("customers", 6, CUSTOMERS, this::customer);
    insert("products", 5, PRODUCTS, this::product);
    insert("orders", 9, ORDERS, this::order);
  }

  /** What happens in a shop between two loads; returns it in words. */
  String change() throws SQLException {
    int shipped = 0;
    int archived = 0;
    // Vitess cancels what would touch very many rows at once.
    for (int from = 1; from <= ORDERS; from += 10_000) {
      String slice = " AND id BETWEEN " + from + " AND " + (from + 9_999);
      shipped +=
          execute(
              "UPDATE orders SET status = 'shipped' WHERE status = 'paid' AND id % 7 = 0" + slice);
      archived += execute("DELETE FROM orders WHERE status = 'returned' AND id % 5 = 0" + slice);
    }
    int renamed = execute("UPDATE products SET name = CONCAT(name, ' ✓') WHERE sku LIKE '%7'");
    execute(
        "INSERT INTO customers VALUES ("
            + (CUSTOMERS + 1)
            + ", 'Ada Lovelace', 'ada@example.com', 'GB', '1815-12-10', '{\"newsletter\": true}')");
    return "%s orders shipped, %s deleted, %d products renamed, 1 new customer"
        .formatted(Rates.count(shipped), Rates.count(archived), renamed);
  }

  /** One row; the index begins with 1. */
  private interface Row {
    void bind(int index, PreparedStatement statement) throws SQLException;
  }

  private void insert(String table, int columns, int rows, Row row) throws SQLException {
    String values = "?" + ", ?".repeat(columns - 1);
    try (PreparedStatement statement =
        connection.prepareStatement("INSERT INTO " + table + " VALUES (" + values + ")")) {
      for (int index = 1; index <= rows; index++) {
        row.bind(index, statement);
        statement.addBatch();
        if (index % ROWS_PER_INSERT == 0 || index == rows) {
          statement.executeBatch();
        }
      }
    }
  }

  private void customer(int index, PreparedStatement row) throws SQLException {
    int country = random.nextInt(COUNTRIES.size());
    row.setInt(1, index);
    row.setString(2, any(FIRST_NAMES) + " " + any(LAST_NAMES));
    row.setString(3, "customer" + index + "@example.com");
    row.setString(4, COUNTRIES.get(country));
    row.setString(
        5,
        random.nextInt(8) == 0
            ? null
            : LocalDate.of(1950, 1, 1).plusDays(random.nextInt(20_000)).toString());
    row.setString(
        6,
        "{\"newsletter\": %b, \"tags\": [\"%s\"]}".formatted(random.nextBoolean(), any(STATUSES)));
  }

  private void product(int index, PreparedStatement row) throws SQLException {
    row.setString(1, sku(index));
    row.setString(2, any(ADJECTIVES) + " " + any(THINGS));
    row.setBigDecimal(3, price(index));
    row.setObject(4, random.nextInt(10) == 0 ? null : random.nextInt(10_000) / 1_000.0);
    row.setString(5, random.nextBoolean() ? "red,black" : "blue");
  }

  private void order(int index, PreparedStatement row) throws SQLException {
    int product = 1 + random.nextInt(PRODUCTS);
    int quantity = 1 + random.nextInt(5);
    LocalDateTime ordered =
        FIRST_ORDER
            .plusMinutes((long) index * MINUTES / ORDERS)
            .plusNanos(random.nextInt(1_000_000) * 1_000L);
    row.setInt(1, index);
    row.setInt(2, 1 + random.nextInt(CUSTOMERS));
    row.setString(3, sku(product));
    row.setInt(4, quantity);
    row.setBigDecimal(5, price(product).multiply(BigDecimal.valueOf(quantity)));
    row.setString(6, any(STATUSES));
    row.setString(7, random.nextInt(4) == 0 ? "Bitte klingeln – très fragile 🎁" : null);
    row.setString(8, ordered.toString().replace('T', ' '));
    row.setString(
        9, ordered.plusHours(random.nextInt(72)).withNano(0).toString().replace('T', ' '));
  }

  private static String sku(int product) {
    return "SKU-%05d".formatted(product);
  }

  /** Between 1.49 and about 500, the same wherever the product occurs. */
  private static BigDecimal price(int product) {
    return BigDecimal.valueOf(149 + product * 7_919L % 50_000, 2);
  }

  private String any(List<String> words) {
    return words.get(random.nextInt(words.size()));
  }

  private int execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }
}
