/* banned.h - included by the compiler command: calls that have a safer name here. */
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#pragma GCC poison strcpy strcat sprintf vsprintf strtok atoi atol gmtime localtime mktime
/* Memory in modules comes from an arena (base.h); only core owns long-lived things. */
#ifdef IN_MODULE
#pragma GCC poison malloc calloc realloc strdup strndup free
#endif
