/* port.c - a port that is free. */
#include "port.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

int testing_free_port(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(fd, (struct sockaddr *)&at, n) != 0 ||
        getsockname(fd, (struct sockaddr *)&at, &n) != 0)
        at.sin_port = 0;
    close(fd);
    return ntohs(at.sin_port);
}
