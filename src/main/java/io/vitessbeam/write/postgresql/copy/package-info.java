/** Values as blocks hold them, turned into PostgreSQL's binary COPY format. */
package io.vitessbeam.write.postgresql.copy;
