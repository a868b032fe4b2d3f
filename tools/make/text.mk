# text.mk - the Unicode tables of core/base, made anew from ICU (needs libicu-dev).

.PHONY: unicode
unicode: build/tools/mkunicode ## write core/base/text_tables.c anew (a newer Unicode)
	@build/tools/mkunicode > core/base/text_tables.c.part && mv core/base/text_tables.c.part core/base/text_tables.c
build/tools/mkunicode: tools/mkunicode.c core/base/text_tables.h
	@mkdir -p $(@D)
	@echo "  cc  $<"
	@gcc -O1 -g -std=gnu2x -D_GNU_SOURCE -Icore $(WARN) -Wno-sign-conversion $< -o $@ -licuuc
