/* Loaded into a server by LD_PRELOAD: errors of the disk that come and go while it runs.
 *
 * While the folder DISK_FAULTS holds a file named "read", reads of the database's file fail with EIO; "write", "full"
 * and "readonly": writes to the file and to its log fail with EIO, ENOSPC or EROFS; "fsync": so does fsync with EIO,
 * after the data was written. "readonly" also makes statvfs say so, as for a mounted disk that turned read-only. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name)) dlsym(RTLD_NEXT, #name))

static int failing(const char *fault) {
  const char *folder = getenv("DISK_FAULTS");
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder ? folder : "/nonexistent", fault);
  return access(path, F_OK) == 0;
}

static int is_database(int fd) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return (length > 3 && !strcmp(path + length - 3, ".db")) || (length > 4 && !strcmp(path + length - 4, "-wal"));
}

static int write_error(int fd) {
  if (!is_database(fd)) return 0;
  return failing("write") ? EIO : failing("full") ? ENOSPC : failing("readonly") ? EROFS : 0;
}

#define READ(name, offset_type)                                                          \
  ssize_t name(int fd, void *data, size_t size, offset_type offset) {                    \
    if (is_database(fd) && failing("read")) { errno = EIO; return -1; }                  \
    return REAL(name)(fd, data, size, offset);                                           \
  }
READ(pread, off_t)
READ(pread64, off64_t)

#define WRITE(name, offset_type)                                                         \
  ssize_t name(int fd, const void *data, size_t size, offset_type offset) {              \
    int error = write_error(fd);                                                         \
    if (error) { errno = error; return -1; }                                             \
    return REAL(name)(fd, data, size, offset);                                           \
  }
WRITE(pwrite, off_t)
WRITE(pwrite64, off64_t)

#define SYNC(name)                                                                       \
  int name(int fd) {                                                                     \
    if (is_database(fd) && failing("fsync")) { errno = EIO; return -1; }                 \
    return REAL(name)(fd);                                                               \
  }
SYNC(fsync)
SYNC(fdatasync)

#define STATVFS(name, type)                                                              \
  int name(const char *path, struct type *found) {                                       \
    int outcome = REAL(name)(path, found);                                               \
    if (!outcome && failing("readonly")) found->f_flag |= ST_RDONLY;                     \
    return outcome;                                                                      \
  }
STATVFS(statvfs, statvfs)
STATVFS(statvfs64, statvfs64)
