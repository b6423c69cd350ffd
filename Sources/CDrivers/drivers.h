// The binary interface of database drivers that are loaded while cq runs: the layouts of the Arrow C data interface
// (https://arrow.apache.org/docs/format/CDataInterface.html) and of ADBC 1.1 (https://arrow.apache.org/adbc). Nothing of
// theirs is needed to build. Members that cq does not call are plain pointers.

#ifndef CQ_DRIVERS_H
#define CQ_DRIVERS_H

#include <stdint.h>

struct ArrowSchema {
  const char *format;
  const char *name;
  const char *metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema **children;
  struct ArrowSchema *dictionary;
  void (*release)(struct ArrowSchema *);
  void *private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void **buffers;
  struct ArrowArray **children;
  struct ArrowArray *dictionary;
  void (*release)(struct ArrowArray *);
  void *private_data;
};

struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *);
  int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *);
  const char *(*get_last_error)(struct ArrowArrayStream *);
  void (*release)(struct ArrowArrayStream *);
  void *private_data;
};

struct AdbcError {
  char *message;
  int32_t vendor_code;
  char sqlstate[5];
  void (*release)(struct AdbcError *);
  // Since 1.1, used only when vendor_code says so beforehand.
  void *private_data;
  void *private_driver;
};

struct AdbcDatabase {
  void *private_data;
  void *private_driver;
};

struct AdbcConnection {
  void *private_data;
  void *private_driver;
};

struct AdbcStatement {
  void *private_data;
  void *private_driver;
};

typedef uint8_t AdbcStatusCode;

struct AdbcDriver {
  void *private_data;
  void *private_manager;
  AdbcStatusCode (*release)(struct AdbcDriver *, struct AdbcError *);
  AdbcStatusCode (*DatabaseInit)(struct AdbcDatabase *, struct AdbcError *);
  AdbcStatusCode (*DatabaseNew)(struct AdbcDatabase *, struct AdbcError *);
  AdbcStatusCode (*DatabaseSetOption)(struct AdbcDatabase *, const char *, const char *, struct AdbcError *);
  AdbcStatusCode (*DatabaseRelease)(struct AdbcDatabase *, struct AdbcError *);
  // Commit, GetInfo, GetObjects, GetTableSchema, GetTableTypes.
  void *connection_catalogue[5];
  AdbcStatusCode (*ConnectionInit)(struct AdbcConnection *, struct AdbcDatabase *, struct AdbcError *);
  AdbcStatusCode (*ConnectionNew)(struct AdbcConnection *, struct AdbcError *);
  AdbcStatusCode (*ConnectionSetOption)(struct AdbcConnection *, const char *, const char *, struct AdbcError *);
  void *connection_read_partition;
  AdbcStatusCode (*ConnectionRelease)(struct AdbcConnection *, struct AdbcError *);
  void *connection_rollback;
  // Bind, BindStream.
  void *statement_bind[2];
  AdbcStatusCode (*StatementExecuteQuery)(
      struct AdbcStatement *, struct ArrowArrayStream *, int64_t *, struct AdbcError *);
  // ExecutePartitions, GetParameterSchema.
  void *statement_partitions[2];
  AdbcStatusCode (*StatementNew)(struct AdbcConnection *, struct AdbcStatement *, struct AdbcError *);
  AdbcStatusCode (*StatementPrepare)(struct AdbcStatement *, struct AdbcError *);
  AdbcStatusCode (*StatementRelease)(struct AdbcStatement *, struct AdbcError *);
  AdbcStatusCode (*StatementSetOption)(struct AdbcStatement *, const char *, const char *, struct AdbcError *);
  AdbcStatusCode (*StatementSetSqlQuery)(struct AdbcStatement *, const char *, struct AdbcError *);
  void *statement_set_substrait_plan;
  // Since 1.1: three about errors, seven options of databases, then of connections.
  void *errors_and_options[10];
  AdbcStatusCode (*ConnectionCancel)(struct AdbcConnection *, struct AdbcError *);
  void *connection_options[9];
  AdbcStatusCode (*StatementCancel)(struct AdbcStatement *, struct AdbcError *);
  void *statement_options[8];
  // Room for what later versions append.
  void *later[32];
};

typedef AdbcStatusCode (*AdbcDriverInitFunc)(int version, void *driver, struct AdbcError *);

#endif
