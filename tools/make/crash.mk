# crash.mk - killing the server under load, and a disk that loses its power.
#   make crash [STATES=2000] [FAULTS=0] [JOBS=0] [KINDS=0] [SPACE=0] [CROWD=0] [KILLS=20] [CUTS=10] [COPIES=5] [SEED=n]

# The double of the disk stands in for file calls: it is linked where it is wanted, never elsewhere.
POWER_IMAGE := $(addprefix $(B)/tests/crash/power_,image.o model.o lack.o)
CRASH_POWER := $(B)/tests/crash/power.o $(POWER_IMAGE)
CRASH_OBJ := $(addprefix $(B)/tests/crash/crash_,run.o server.o load.o walk.o check.o) $(B)/tests/crash/place.o $(POWER_IMAGE)
STATES_OBJ := $(addprefix $(B)/tests/crash/,states.o states_kinds.o states_singles.o states_walk.o states_look.o)
$(B)/tests/crash/power_test: $(CRASH_POWER)
$(B)/tests/crash/power_test: private LDLIBS += $(CRASH_POWER)

$(B)/tests/crash/crash: $(B)/tests/crash/crash.o $(CRASH_OBJ) $(B)/libtesting.a $(B)/libtinhso.a
	@echo "  ld  $@"
	@$(CC) $(CFLAGS_KIND) -pthread -rdynamic $(filter %.o,$^) $(B)/libtesting.a $(WHOLE) $(LDLIBS) $(TEST_LIBS) -o $@

$(B)/tests/crash/states: $(B)/tests/crash/states_main.o $(STATES_OBJ) $(CRASH_OBJ) $(B)/libtesting.a $(B)/libtinhso.a
	@echo "  ld  $@"
	@$(CC) $(CFLAGS_KIND) -pthread -rdynamic $(filter %.o,$^) $(B)/libtesting.a $(WHOLE) $(LDLIBS) $(TEST_LIBS) -o $@

$(B)/tests/crash/faults: $(B)/tests/crash/faults_main.o $(B)/tests/crash/faults.o $(CRASH_OBJ) $(B)/libtesting.a $(B)/libtinhso.a
	@echo "  ld  $@"
	@$(CC) $(CFLAGS_KIND) -pthread -rdynamic $(filter %.o,$^) $(B)/libtesting.a $(WHOLE) $(LDLIBS) $(TEST_LIBS) -o $@

COPIES_OBJ := $(addprefix $(B)/tests/crash/,copies.o copies_log.o)
$(B)/tests/crash/copies: $(COPIES_OBJ) $(CRASH_OBJ) $(B)/libtesting.a $(B)/libtinhso.a
	@echo "  ld  $@"
	@$(CC) $(CFLAGS_KIND) -pthread -rdynamic $(filter %.o,$^) $(B)/libtesting.a $(WHOLE) $(LDLIBS) $(TEST_LIBS) -o $@

BACKGROUND_OBJ := $(addprefix $(B)/tests/crash/background,.o _step.o _facts.o _database.o)
KINDS_OBJ := $(addprefix $(B)/tests/crash/kinds,.o _world.o) $(BACKGROUND_OBJ)
BACKGROUND_OBJ += $(B)/tests/crash/background_walk.o
$(B)/tests/crash/background: $(B)/tests/crash/background_main.o $(BACKGROUND_OBJ) $(CRASH_OBJ) $(B)/libtesting.a $(B)/libtinhso.a
	@echo "  ld  $@"
	@$(CC) $(CFLAGS_KIND) -pthread -rdynamic $(filter %.o,$^) $(B)/libtesting.a $(WHOLE) $(LDLIBS) $(TEST_LIBS) -o $@

$(B)/tests/crash/kinds: $(B)/tests/crash/kinds_main.o $(KINDS_OBJ) $(CRASH_OBJ) $(B)/libtesting.a $(B)/libtinhso.a
	@echo "  ld  $@"
	@$(CC) $(CFLAGS_KIND) -pthread -rdynamic $(filter %.o,$^) $(B)/libtesting.a $(WHOLE) $(LDLIBS) $(TEST_LIBS) -o $@

$(B)/tests/crash/space $(B)/tests/crash/crowd: %: %_main.o %.o $(CRASH_OBJ) $(B)/libtesting.a $(B)/libtinhso.a
	@echo "  ld  $@"
	@$(CC) $(CFLAGS_KIND) -pthread -rdynamic $(filter %.o,$^) $(B)/libtesting.a $(WHOLE) $(LDLIBS) $(TEST_LIBS) -o $@

# The same people work in what `make bench` measures.
$(B)/tests/bench/prepare $(B)/tests/bench/soak: %: %.o $(CRASH_OBJ) $(B)/libtesting.a $(B)/libtinhso.a
	@echo "  ld  $@"
	@$(CC) $(CFLAGS_KIND) -pthread -rdynamic $(filter %.o,$^) $(B)/libtesting.a $(WHOLE) $(LDLIBS) $(TEST_LIBS) -o $@

# For LD_PRELOAD into the server.
$(B)/tests/crash/power.so: tests/crash/power.c tests/crash/power.h tests/crash/power_record.h
	@mkdir -p $(@D)
	@echo "  ld  $@"
	@gcc $(LANG_FLAGS) -O2 -g -shared -fPIC $< -o $@

$(B)/tests/crash/fault.so: tests/crash/fault.c tests/crash/fault.h
	@mkdir -p $(@D)
	@echo "  ld  $@"
	@gcc $(filter-out -include core/base/banned.h,$(LANG_FLAGS)) -O2 -g -shared -fPIC $< -o $@

# The short form, part of `make test`.
$(B)/tests/crash/crash_test.o $(B)/tests/crash/states_test.o: LANG_FLAGS += -DCRASH_PROGRAM='"$(BIN)"' -DCRASH_POWER='"$(B)/tests/crash/power.so"'
$(B)/tests/crash/crash_test: $(CRASH_OBJ) $(BIN) $(B)/tests/crash/power.so
$(B)/tests/crash/crash_test: private LDLIBS += $(CRASH_OBJ) $(B)/libtesting.a

$(B)/tests/crash/states_test: $(STATES_OBJ) $(CRASH_OBJ) $(BIN) $(B)/tests/crash/power.so
$(B)/tests/crash/states_test: private LDLIBS += $(STATES_OBJ) $(CRASH_OBJ) $(B)/libtesting.a

# What the server's memory and files must not hold.
HELD := $(B)/tests/crash/keyd_memory_test $(B)/tests/crash/planted_test
$(HELD:=.o): LANG_FLAGS += -DCRASH_PROGRAM='"$(BIN)"'
$(HELD): $(CRASH_OBJ) $(BIN)
$(HELD): private LDLIBS += $(CRASH_OBJ) $(B)/libtesting.a

# Memory that fails on demand and a sanitizer's own memory do not go together.
ifneq ($(KIND),plain)
  TESTS := $(filter-out $(addprefix tests/crash/,faults_test.c wire_test.c background_test.c kinds_test.c kinds_wire_test.c space_test.c crowd_test.c),$(TESTS))
  TEST_BIN := $(TESTS:%.c=$(B)/%)
endif
$(addprefix $(B)/tests/crash/,background_test.o kinds_test.o kinds_wire_test.o space_test.o crowd_test.o faults_test.o wire_test.o): LANG_FLAGS += -DCRASH_PROGRAM='"$(BIN)"' -DCRASH_FAULT='"$(B)/tests/crash/fault.so"'
$(addprefix $(B)/tests/crash/,faults_test wire_test): $(B)/tests/crash/faults.o $(CRASH_OBJ) $(BIN) $(B)/tests/crash/fault.so
$(addprefix $(B)/tests/crash/,faults_test wire_test): private LDLIBS += $(B)/tests/crash/faults.o $(CRASH_OBJ) $(B)/libtesting.a
$(B)/tests/crash/background_test: $(BACKGROUND_OBJ) $(CRASH_OBJ) $(BIN) $(B)/tests/crash/fault.so
$(B)/tests/crash/background_test: private LDLIBS += $(BACKGROUND_OBJ) $(CRASH_OBJ) $(B)/libtesting.a
$(addprefix $(B)/tests/crash/,kinds_test kinds_wire_test): $(KINDS_OBJ) $(CRASH_OBJ) $(BIN) $(B)/tests/crash/fault.so
$(addprefix $(B)/tests/crash/,kinds_test kinds_wire_test): private LDLIBS += $(KINDS_OBJ) $(CRASH_OBJ) $(B)/libtesting.a
$(B)/tests/crash/space_test: $(B)/tests/crash/space.o $(CRASH_OBJ) $(BIN) $(B)/tests/crash/fault.so
$(B)/tests/crash/space_test: private LDLIBS += $(B)/tests/crash/space.o $(CRASH_OBJ) $(B)/libtesting.a
$(B)/tests/crash/crowd_test: $(B)/tests/crash/crowd.o $(CRASH_OBJ) $(BIN)
$(B)/tests/crash/crowd_test: private LDLIBS += $(B)/tests/crash/crowd.o $(CRASH_OBJ) $(B)/libtesting.a

.PHONY: crash
crash: $(addprefix $(B)/core/lane/tests/lane_,failover_test partition_test) $(addprefix $(B)/app/tests/,restore_test upgrade_postgres_test)
crash: $(BIN) $(addprefix $(B)/tests/crash/,crash states faults background kinds space crowd copies power.so fault.so) ## states after power cuts, failing calls, kills under load; STATES=, FAULTS=0, JOBS=0, KINDS=0, SPACE=0, CROWD=0, KILLS=, CUTS=, COPIES=, PG=0
	@STATES='$(STATES)' FAULTS='$(FAULTS)' JOBS='$(JOBS)' KINDS='$(KINDS)' SPACE='$(SPACE)' CROWD='$(CROWD)' KILLS='$(KILLS)' CUTS='$(CUTS)' COPIES='$(COPIES)' PG='$(PG)' SEED='$(SEED)' CLIENTS='$(CLIENTS)' tests/crash/run
