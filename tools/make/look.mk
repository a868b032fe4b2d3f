# look.mk - the page kinds of tests/look, drawn as files by a program of its own.
PATTERNS := $(wildcard tests/look/pattern/views/*.html)
PATTERN_OBJ := $(PATTERNS:%.html=$(B)/gen/%.o) $(B)/tests/look/draw.o
$(PATTERN_OBJ): LANG_FLAGS += -Itests/look -Itests/look/pattern
$(B)/tests/look/draw: $(PATTERN_OBJ) $(B)/libtinhso.a
	@echo "  ld  $@"
	@$(CC) $(CFLAGS_KIND) -pthread -rdynamic $(PATTERN_OBJ) $(WHOLE) $(LDLIBS) -o $@
look-static: $(B)/tests/look/draw ## the component sheet and the page kinds as files under build/look/static
	@rm -rf build/look/static && $(B)/tests/look/draw build/look/static
.PHONY: look-static

.PHONY: try-first-module
try-first-module: ## build what docs/first-module.md says, in a copy, and test it
	@tests/docs/try-first-module
