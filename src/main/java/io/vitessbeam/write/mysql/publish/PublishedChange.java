package io.vitessbeam.write.mysql.publish;

import io.vitessbeam.write.mysql.MysqlSession;
import java.sql.SQLException;

/** How the staged rows of a load come into the target. */
interface PublishedChange {

  /**
   * Makes the change, or what is left of it.
   *
   * @throws io.vitessbeam.DataException if the server has lost that it had begun
   */
  void make();

  /**
   * Whether the session's server has all of it; a replica that took the place of a dead primary may
   * not have what that committed last.
   */
  boolean isMade(MysqlSession session) throws SQLException;
}
