/* list_views.h - what the view of this folder is drawn from; the structs are in the door. */
#pragma once
#include "list/list.h"
