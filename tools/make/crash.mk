# crash.mk - killing the server under load, and a disk that loses its power.
#   make crash [KILLS=20] [POWER=1] [SEED=n]

# The double of the disk stands in for file calls: it is linked where it is wanted, never elsewhere.
CRASH_POWER := $(B)/tests/crash/power.o $(B)/tests/crash/power_image.o
CRASH_OBJ := $(addprefix $(B)/tests/crash/crash_,run.o server.o load.o walk.o check.o) $(B)/tests/crash/power_image.o
$(B)/tests/crash/power_test: $(CRASH_POWER)
$(B)/tests/crash/power_test: private LDLIBS += $(CRASH_POWER)

$(B)/tests/crash/crash: $(B)/tests/crash/crash.o $(CRASH_OBJ) $(B)/libtesting.a $(B)/libtinhso.a
	@echo "  ld  $@"
	@$(CC) $(CFLAGS_KIND) -pthread -rdynamic $(filter %.o,$^) $(B)/libtesting.a $(WHOLE) $(LDLIBS) $(TEST_LIBS) -o $@

# For LD_PRELOAD into the server.
$(B)/tests/crash/power.so: tests/crash/power.c tests/crash/power.h tests/crash/power_record.h
	@mkdir -p $(@D)
	@echo "  ld  $@"
	@gcc $(LANG_FLAGS) -O2 -g -shared -fPIC $< -o $@

# The short form, part of `make test`.
$(B)/tests/crash/crash_test.o: LANG_FLAGS += -DCRASH_PROGRAM='"$(BIN)"' -DCRASH_POWER='"$(B)/tests/crash/power.so"'
$(B)/tests/crash/crash_test: $(CRASH_OBJ) $(BIN) $(B)/tests/crash/power.so
$(B)/tests/crash/crash_test: private LDLIBS += $(CRASH_OBJ) $(B)/libtesting.a

.PHONY: crash
crash: $(BIN) $(B)/tests/crash/crash $(B)/tests/crash/power.so ## kill the server under load and look what is lost; KILLS=, POWER=1, SEED=
	@KILLS='$(KILLS)' POWER='$(POWER)' SEED='$(SEED)' CLIENTS='$(CLIENTS)' tests/crash/run
