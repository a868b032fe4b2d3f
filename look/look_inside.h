/* look_inside.h - what the files of this folder share. */
#pragma once
#include "look.h"
