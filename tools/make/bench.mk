# bench.mk - the programs that `make bench` measures with (tests/bench/run).

BENCH := $(B)/tests/bench/http_hello $(B)/tests/bench/prepare $(B)/tests/bench/generate \
    $(addprefix $(B)/tests/bench/,steady count handshakes json_speed soak sends senders probe)
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
# The generator is tried by make test, with a small year; the others are built there, that they stay whole.
$(B)/tests/bench/generate_test.o: LANG_FLAGS += -DPROGRAM='"$(BIN)"' -DGENERATE='"$(B)/tests/bench/generate"'
$(B)/tests/bench/generate_test: $(BIN) $(B)/tests/bench/generate
build/plain/tests/bench/generate_test: $(filter-out %/count %/json_speed,$(BENCH))

.PHONY: bench
bench: ## the table of speed beside named peers; PARTS= ROUNDS= EACH= SOAK= DATA= DOC=1, tests/bench/README.md
	@tools/deps run build test bench && $(MAKE) -s bench-programs && tests/bench/run

.PHONY: bench-province
bench-province: bench-programs ## 200,000 dossiers of a province, its pages at 500 requests a second; DOSSIERS= RATE= EACH= DOC=1
	@tests/bench/province

.PHONY: bench-callgrind
bench-callgrind: bench-programs ## instructions of key requests, counted by callgrind, against tests/bench/instructions.tsv
	@tests/bench/instructions
