# Makefile - verbs only. GNU make finds the files; a new one needs no edit here.
#
#   make run      everything from a bare Debian 12 to http://localhost:8080
#   make test     everything from a bare Debian 12 to a green or red answer
#   make help     the other verbs

SHELL := /bin/bash
.DEFAULT_GOAL := build
KIND ?= plain
CC := gcc
B := build/$(KIND)
ifeq ($(KIND),plain)
  BIN := build/tinhso
else
  BIN := $(B)/tinhso
endif

CFLAGS_plain := -O2 -g
# Line numbers are all that a report of the sanitizers needs.
CFLAGS_asan := -O1 -g1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
CFLAGS_clang := -O1 -gline-tables-only -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
CFLAGS_tsan := -O1 -g -fsanitize=thread -fno-omit-frame-pointer
CFLAGS_threads := $(CFLAGS_tsan)
CFLAGS_fuzz := -O2 -g1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
# How much of a reader its corpus reaches: tools/fuzz reach.
CFLAGS_cover := -O1 -g1 -fprofile-instr-generate -fcoverage-mapping
ifneq ($(filter $(KIND),clang fuzz cover),)
  CC := clang
endif
# A faster compile for whoever has it; never required.
CCACHE := $(shell command -v ccache 2>/dev/null)

PKGS := sqlite3 libpq openssl libargon2 zlib libbrotlienc cairo pangocairo fontconfig libqrencode libcurl
# MUST(!"why") is how we write what cannot happen; clang would call it a conversion.
WARN := -Wall -Wextra -Wshadow -Wconversion -Wvla -Wstrict-prototypes -Wmissing-prototypes -Wno-string-conversion -Werror
# test_write(cx, call) calls only when its transaction began; clang does not see the test end there.
TEST_WARN_clang := -Wno-sometimes-uninitialized
CFLAGS_KIND := $(CFLAGS_$(KIND))
# Tests are half of the code, compiled more often than run: their own files are not optimised.
CFLAGS_TESTS := -O0
LANG_FLAGS := -std=gnu2x -D_GNU_SOURCE -include core/base/banned.h -I. -Icore -Imodules -Iapp -I$(B)/gen -pthread $(WARN)
CFLAGS = $(LANG_FLAGS) $(CFLAGS_KIND) $(PKG_CFLAGS)
# pkg-config runs only when something is compiled.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell pkg-config --cflags $(PKGS) | sed 's/-I/-isystem /g'))$(PKG_CFLAGS)
PKG_LIBS = $(eval PKG_LIBS := $$(shell pkg-config --libs $(PKGS)))$(PKG_LIBS)
LDLIBS = $(PKG_LIBS) -lm -ldl
# ICU, jansson and the brotli reader are oracles: only tests see them.
TEST_LIBS := -lcmocka -licuuc -licui18n -ljansson -lbrotlidec

# Nearly two hundred test programs hold the whole library: lld links one in a quarter of the time.
TEST_LD := $(if $(shell command -v ld.lld 2>/dev/null),-fuse-ld=lld)

# All of the library, also what only tables refer to.
WHOLE = -Wl,--whole-archive $(B)/libtinhso.a -Wl,--no-whole-archive

# core/testing is for tests only: it is a library of its own, and not in the program.
TESTING_SRC := $(wildcard core/testing/*.c)
CORE_SRC := $(filter-out $(TESTING_SRC),$(wildcard core/*/*.c))
MODULE_SRC := $(wildcard modules/*/*.c)
LOOK_SRC := $(wildcard look/*.c)
APP_SRC := $(filter-out app/main.c,$(wildcard app/*.c))
VIEWS := $(wildcard look/views/*.html core/*/views/*.html modules/*/views/*.html)
TESTS := $(wildcard core/*/tests/*_test.c modules/*/tests/*_test.c app/tests/*_test.c look/tests/*_test.c tools/tests/*_test.c tests/*_test.c tests/crash/*_test.c tests/bench/*_test.c)
ifdef M
  TESTS := $(foreach t,$(TESTS),$(if $(findstring /$(M)/tests/,/$(t))$(findstring /tests/$(M)/,/$(t)),$(t)))
endif
EMBEDDED := $(shell find look packs core modules -type f \( -path 'look/assets/*' -o -path 'packs/*' -o -path '*/schema/*.sql' -o -path '*/assets/*' -o -name '*.en.tsv' \) ! -name 'README.md' 2>/dev/null | LC_ALL=C sort)
# Assets that the build makes itself: build/assets/X is embedded as X. Fragments add to it.
MADE_ASSETS :=

# threads: the rooms where threads meet are watched by ThreadSanitizer, all else comes from the plain
# library: a third of the time of KIND=tsan, which watches all.
ifeq ($(KIND),threads)
  CORE_SRC := $(filter-out $(foreach r,json zip csv xlsx embed,core/$(r)/%),$(CORE_SRC))
  MODULE_SRC :=
  LOOK_SRC :=
  VIEWS :=
  WHOLE := -Wl,-z,muldefs -Wl,--whole-archive $(B)/libtinhso.a build/plain/libtinhso.a -Wl,--no-whole-archive
endif

VIEW_C := $(patsubst %.html,$(B)/gen/%.c,$(VIEWS))
OBJ := $(CORE_SRC:%.c=$(B)/%.o) $(MODULE_SRC:%.c=$(B)/%.o) $(LOOK_SRC:%.c=$(B)/%.o) $(APP_SRC:%.c=$(B)/%.o) $(VIEW_C:.c=.o) $(if $(filter threads,$(KIND)),,$(if $(wildcard tools/mkembed.c),$(B)/gen/embed.o))
TEST_BIN := $(TESTS:%.c=$(B)/%)

# Verbs and further rules, one subject a file.
include $(wildcard tools/make/*.mk)

.PHONY: build help
build: $(if $(wildcard app/main.c),$(BIN),$(B)/libtinhso.a) ## compile build/tinhso

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(B)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  cc  $<"
	@$(CCACHE) $(CC) $(CFLAGS) $(if $(filter modules/%,$<),-DIN_MODULE) $(if $(findstring /tests/,$<),$(CFLAGS_TESTS) $(TEST_WARN_$(CC))) -MMD -MP -c $< -o $@

$(B)/gen/%.o: $(B)/gen/%.c
	@mkdir -p $(@D)
	@echo "  cc  $<"
	@$(CCACHE) $(CC) $(CFLAGS) -I. -MMD -MP -c $< -o $@

# Views: compiled by tools/mkview; embedded files: packed by tools/mkembed. Both run on this machine.
$(B)/gen/%.c: %.html build/tools/mkview
	@mkdir -p $(@D)
	@build/tools/mkview $< $@
build/tools/%: tools/%.c
	@mkdir -p $(@D)
	@echo "  cc  $<"
	@gcc -O1 -g -std=gnu2x -D_GNU_SOURCE -Icore $(WARN) $^ -o $@ -lz $(shell pkg-config --libs libbrotlienc) -lcrypto -lm
build/tools/mkview: core/base/arena.c core/base/str.c core/base/str_print.c core/base/cx.c core/base/tr.c core/base/time.c core/html/template.c
build/tools/mkembed: core/base/arena.c core/base/str.c core/base/str_print.c core/base/cx.c core/base/tr.c core/base/time.c
$(B)/gen/embed.c: build/tools/mkembed $(B)/gen/embed.list $(EMBEDDED) $(MADE_ASSETS)
	@build/tools/mkembed $@ < $(B)/gen/embed.list
# Rewritten only when a file came or went.
$(B)/gen/embed.list: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(EMBEDDED) $(MADE_ASSETS) | cmp -s - $@ || printf '%s\n' $(EMBEDDED) $(MADE_ASSETS) > $@
.PHONY: FORCE
# Kept: otherwise make takes them for passing and makes every page twice.
.SECONDARY: $(VIEW_C)

$(B)/libtinhso.a: $(OBJ)
	@rm -f $@ && ar crs $@ $^
$(B)/libtesting.a: $(TESTING_SRC:%.c=$(B)/%.o)
	@rm -f $@ && ar crs $@ $^
$(BIN): $(B)/app/main.o $(B)/libtinhso.a
	@echo "  ld  $@"
	@$(CC) $(CFLAGS_KIND) -pthread -rdynamic $(B)/app/main.o $(WHOLE) $(LDLIBS) -o $@

ifeq ($(KIND),threads)
$(TEST_BIN) $(STORY_RUNNER): build/plain/libtinhso.a
build/plain/libtinhso.a: FORCE
	@$(MAKE) -s KIND=plain $@
endif
# tools/testmain.c lets TEST_FILTER choose one test of a program.
$(TEST_BIN) $(STORY_RUNNER): $(B)/%: $(B)/%.o $(B)/tools/testmain.o $(B)/libtesting.a $(B)/libtinhso.a
	@echo "  ld  $@"
	@$(CC) $(CFLAGS_KIND) $(TEST_LD) -pthread -rdynamic $< $(B)/tools/testmain.o $(B)/libtesting.a $(WHOLE) $(LDLIBS) $(TEST_LIBS) -o $@

.PHONY: tests-built
tests-built: $(TEST_BIN) $(if $(M),,$(STORY_RUNNER))

-include $(shell [ -d $(B) ] && find $(B) -name '*.d')
