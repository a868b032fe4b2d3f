# check.mk - what must hold before work is handed in.

C_FILES = $(shell git ls-files -co --exclude-standard '*.c' '*.h' | sort)
HEADERS := $(wildcard core/*/*.h modules/*/*.h app/*.h core/*/tests/*.h modules/*/tests/*.h)

.PHONY: check check-fast format check-format headers-alone size look look-ci
check: ## everything: both compilers, sanitizers, format, tidy, clang-tidy, analyzer, spelling
	@tools/check format alone tidy spelling texts gcc-asan clang-asan clang-tidy analyzer

check-fast: ## the part of check that CI runs
	@tools/check format alone tidy spelling texts clang-tidy-quick clang-asan-fast

format: ## lay out all C files as clang-format says
	@clang-format -i $(C_FILES)

check-format:
	@clang-format --dry-run -Werror $(C_FILES)

# A header must compile with nothing before it.
headers-alone: $(HEADERS:%.h=$(B)/alone/%.ok)
$(B)/alone/%.ok: %.h $(VIEW_C)
	@mkdir -p $(@D)
	@echo '#include "$<"' | $(CC) $(CFLAGS) -I. -MMD -MP -MF $(B)/alone/$*.d -MT $@ -fsyntax-only -x c -
	@touch $@

# For tools/check: the command line of the compiler.
print-flags:
	@echo $(CFLAGS) -I.

size: ## the longest and most complex functions, the longest files, the size of the program
	@tools/size

look: ## pictures of the key pages, and accessibility, in headless Chromium
	@tools/deps run build test look && $(MAKE) -s build && tests/look/run

look-ci: ## the walks alone, at 390 and 1280 px and without scripts; skipped where npm or Chromium cannot be had
	@tests/look/ci
