/* kept_inside.h - between the files of this folder. */
#pragma once
#include "kept/kept.h"

#include <pthread.h>
