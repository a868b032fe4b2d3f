/* port.h - for tests that start servers. */
#pragma once

/* A port of this machine that nobody listens on now; 0: there is none. */
int testing_free_port(void);
