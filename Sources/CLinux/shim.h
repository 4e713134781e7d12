#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

// Glibc's module hides this behind _GNU_SOURCE.
extern int accept4(int, struct sockaddr *, socklen_t *, int);
