/*
 * cluster.h - PostgreSQL servers of our own, to be killed, copied and promoted.
 *
 * Each lies in a folder of its own under /tmp and listens on a unix socket there; it dies with the
 * test. As root it runs as the user "postgres".
 */
#pragma once
#include <stdbool.h>

struct cluster;
/* The address of servers in other network namespaces; NULL: unix sockets only. */
struct cluster_place {
    const char *netns, *address; /* the server listens there too, port 5432 */
};
/* Makes and starts one with a database "tinhso" in locale C. NULL: it cannot be. */
struct cluster *cluster_new(const struct cluster_place *place);
/* A standby that follows it. */
struct cluster *cluster_copy(struct cluster *of, const struct cluster_place *place);
const char *cluster_folder(const struct cluster *c); /* where its socket is */
/* Through its socket, and past the program: true when it worked; *n: of the first column. */
bool cluster_ask(struct cluster *c, const char *sql, long long *n);
void cluster_kill(struct cluster *c);    /* SIGKILL, the whole of it */
bool cluster_start(struct cluster *c);   /* on what is left; waits until it answers */
bool cluster_promote(struct cluster *c); /* waits until it takes writes */
/* From now on a commit waits until the standby has it. */
bool cluster_wait_for_standby(struct cluster *primary);
void cluster_end(struct cluster *c);
