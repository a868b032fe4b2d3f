# test.mk - building and running tests.
#   make test-unit [M=ROOM] [T=TEST or PATTERN*] [KIND=asan|clang|tsan]

.PHONY: test-unit
test-unit: tests-built ## unit tests on SQLite only, nothing installed; M=ROOM, T=TEST, KIND=asan|clang|tsan
	@TEST_FILTER='$(T)' tools/run-tests unit-$(KIND) $(TEST_BIN)
