# html.mk - what tools/mkview is made of besides its own file: the parser of templates.
build/tools/mkview: core/html/words.c core/html/follow.c core/html/attributes.c core/html/sentences.c core/html/names.c core/html/print_names.c
tests-built: build/tools/mkview

.PHONY: texts
texts: build/tools/mkview ## every sentence in both languages: what is missing or wrong
	@tools/texts
