# test.mk - building and running tests.
#   make test-unit [M=ROOM] [T=TEST or PATTERN*] [KIND=asan|clang|tsan|threads]
#   make threads     the rooms where threads meet, under ThreadSanitizer

# Each fuzz target, fed with its corpus, is a test too.
FUZZ := $(shell grep -v '^\#' tests/fuzz/targets.tsv | cut -f1)
FUZZ_REPLAY := $(FUZZ:%=$(B)/tests/fuzz/%_replay)
# The runner of tests/stories/*.story is itself a test program.
STORY_RUNNER := $(patsubst %.c,$(B)/%,$(wildcard tests/stories/*_test.c))
# Whoever opens a database through these doors, itself or by a header beside it, speaks SQL; it is
# run again on PostgreSQL, and so is who asks for the cluster itself. Of tests/crash only the double of
# the disk and the wires do: the others start the program on files of its own (on PostgreSQL: make crash).
SQL_TESTS = $(if $(TESTS),$(shell for t in $(filter-out $(filter-out %/power_test.c %wire_test.c,$(wildcard tests/crash/*_test.c)),$(TESTS)); do \
    grep -qsE '\#include "(testing|db|lane)/|getenv\("TINHSO_TEST_DATABASE"\)' $$t $$(dirname $$t)/*.h && echo $$t; done))

.PHONY: test test-unit stories list-tests fuzz-replays fuzz threads threads-run
test: ## install, build, test on SQLite and PostgreSQL; last line "N passed, N failed"; M=, T=
	@M='$(M)' T='$(T)' tools/test

test-unit: tests-built ## unit tests on SQLite only, nothing installed; M=ROOM, T=TEST, KIND=asan|clang|tsan
	@TEST_FILTER='$(T)' tools/run-tests unit-$(KIND) $(TEST_BIN)

test-postgresql: tests-built ## the tests that speak SQL, on a throw-away PostgreSQL; M=, T=, KIND=
	@TEST_FILTER='$(T)' tools/pg-cluster tools/run-tests postgresql-$(KIND) $(SQL_TESTS:%.c=$(B)/%)

stories: $(STORY_RUNNER) ## the stories under tests/stories, on SQLite and PostgreSQL
	@tools/run-tests stories-sqlite $(STORY_RUNNER)
	@tools/pg-cluster tools/run-tests stories-postgresql $(STORY_RUNNER)

# The programs whose threads meet, and one story of two officers; both databases.
THREADS := $(filter core/lane/% core/job/% core/kept/% core/web/tests/socket_test.c core/web/tests/session_test.c core/http/tests/http_async_test.c core/http/tests/http_socket_test.c,$(TESTS))
threads: ## what ThreadSanitizer says of the rooms where threads meet, on SQLite and PostgreSQL
	@$(MAKE) -s KIND=threads threads-run
threads-run: $(THREADS:%.c=$(B)/%) $(filter %/stories_test,$(STORY_RUNNER))
	@tools/run-tests threads-sqlite $(THREADS:%.c=$(B)/%)
	@TEST_FILTER=hai-can-bo tools/pg-cluster tools/run-tests threads-postgresql $(filter %/stories_test,$(STORY_RUNNER))

list-tests:
	@echo $(if $(filter unit,$(LIST)),$(TEST_BIN)) $(if $(filter sql,$(LIST)),$(SQL_TESTS:%.c=$(B)/%)) \
	    $(if $(filter fuzz,$(LIST)),$(FUZZ_REPLAY)) $(if $(filter stories,$(LIST)),$(STORY_RUNNER))

# tests/fuzz/T_fuzz.c has the one function that libFuzzer calls; tools/fuzzmain.c calls it with
# each file of tests/fuzz/corpus/T.
fuzz-replays: $(FUZZ_REPLAY)
$(FUZZ_REPLAY): $(B)/tests/fuzz/%_replay: $(B)/tests/fuzz/%_fuzz.o $(B)/tools/fuzzmain.o $(B)/libtinhso.a
	@echo "  ld  $@"
	@$(CC) $(CFLAGS_KIND) $(TEST_LD) -pthread -rdynamic $(filter %.o,$^) $(WHOLE) $(LDLIBS) -o $@

# The fuzzer sees the ways through the reader itself, the files of targets.tsv; all else comes from
# the library with sanitizers, as it is: fewer counters to look at are several times the runs.
ifneq ($(filter $(KIND),fuzz cover),)
FUZZ_KIND := $(if $(filter cover,$(KIND)),plain,clang)
FUZZ_REST := build/$(FUZZ_KIND)/libtinhso.a
$(FUZZ_REST): FORCE
	@$(MAKE) -s KIND=$(FUZZ_KIND) $@
FUZZ_MAIN := $(if $(filter cover,$(KIND)),$(B)/tools/fuzzmain.o)
define fuzz_rule
$(B)/tests/fuzz/$(1)_fuzz: $(B)/tests/fuzz/$(1)_fuzz.o $(FUZZ_MAIN) $(patsubst %.c,$(B)/%.o,$(shell awk -F'\t' '$$1 == "$(1)" { print $$3 }' tests/fuzz/targets.tsv)) $(FUZZ_REST)
	@echo "  ld  $$@"
	@$(CC) $(CFLAGS_KIND) $(TEST_LD) $(if $(FUZZ_MAIN),,-fsanitize=fuzzer) -pthread -rdynamic $$(filter %.o,$$^) $(FUZZ_REST) $$(LDLIBS) -o $$@
endef
$(foreach t,$(FUZZ),$(eval $(call fuzz_rule,$(t))))
endif

SECONDS := 20
LIMIT := 10
SEED := 0
fuzz: ## fuzz one reader of foreign bytes: T=NAME SECONDS=20 LIMIT=10 (seconds an input) SEED=0 (by chance); without T, all of them
	@FUZZ_LIMIT='$(LIMIT)' FUZZ_SEED='$(SEED)' tools/fuzz '$(SECONDS)' $(or $(T),$(FUZZ))
