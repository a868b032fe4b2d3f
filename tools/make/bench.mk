# bench.mk - the programs that `make bench` measures with (tests/bench/run).

BENCH := $(B)/tests/bench/http_hello $(B)/tests/bench/prepare $(B)/tests/bench/generate \
    $(addprefix $(B)/tests/bench/,steady count handshakes json_speed soak sends senders probe)
# The people who work in it before it is measured are those of tests/crash.
WALKS_OBJ := $(addprefix $(B)/tests/crash/power_,image.o model.o) \
    $(addprefix $(B)/tests/crash/crash_,run.o server.o load.o walk.o check.o)
.PHONY: bench-programs
bench-programs: $(BIN) $(BENCH)
$(addprefix $(B)/tests/bench/,http_hello senders probe): %: %.o $(B)/libtinhso.a
	@echo "  ld  $@"
	@$(CC) $(CFLAGS_KIND) -pthread -rdynamic $(filter %.o,$^) $(WHOLE) $(LDLIBS) -o $@
$(B)/tests/bench/steady $(B)/tests/bench/sends: %: %.o
	@echo "  ld  $@"
	@$(CC) $(CFLAGS_KIND) $< -o $@
$(B)/tests/bench/handshakes: $(B)/tests/bench/handshakes.o
	@echo "  ld  $@"
	@$(CC) $(CFLAGS_KIND) -pthread $< -lssl -lcrypto -o $@
$(B)/tests/bench/json_speed: $(B)/tests/bench/json_speed.o $(B)/libtinhso.a
	@echo "  ld  $@"
	@$(CC) $(CFLAGS_KIND) -pthread $< $(B)/libtinhso.a $(LDLIBS) -ljansson -o $@
$(B)/tests/bench/generate: $(B)/tests/bench/generate.o $(B)/tests/bench/generate_world.o $(B)/libtinhso.a
	@echo "  ld  $@"
	@$(CC) $(CFLAGS_KIND) -pthread -rdynamic $(filter %.o,$^) $(WHOLE) $(LDLIBS) -o $@
$(B)/tests/bench/count: $(B)/tests/bench/count.o $(B)/libtesting.a $(B)/libtinhso.a
	@echo "  ld  $@"
	@$(CC) $(CFLAGS_KIND) -pthread -rdynamic $(filter %.o,$^) $(B)/libtesting.a $(WHOLE) $(LDLIBS) $(TEST_LIBS) -o $@
$(B)/tests/bench/prepare $(B)/tests/bench/soak: %: %.o $(WALKS_OBJ) $(B)/libtesting.a $(B)/libtinhso.a
	@echo "  ld  $@"
	@$(CC) $(CFLAGS_KIND) -pthread -rdynamic $(filter %.o,$^) $(B)/libtesting.a $(WHOLE) $(LDLIBS) $(TEST_LIBS) -o $@
# The generator is tried by make test, with a small year.
$(B)/tests/bench/generate_test.o: LANG_FLAGS += -DPROGRAM='"$(BIN)"' -DGENERATE='"$(B)/tests/bench/generate"'
$(B)/tests/bench/generate_test: $(BIN) $(B)/tests/bench/generate

.PHONY: bench
bench: ## the table of speed beside named peers; PARTS= ROUNDS= EACH= SOAK= DATA= DOC=1, tests/bench/README.md
	@tools/deps run build test bench && $(MAKE) -s bench-programs && tests/bench/run

.PHONY: bench-province
bench-province: bench-programs ## 200,000 dossiers of a province, its pages at 500 requests a second; DOSSIERS= RATE= EACH= DOC=1
	@tests/bench/province

.PHONY: bench-callgrind
bench-callgrind: bench-programs ## instructions of key requests, counted by callgrind, against tests/bench/instructions.tsv
	@tests/bench/instructions
