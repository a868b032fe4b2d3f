# schema.mk - a column without a class does not build.
SCHEMAS ?= $(wildcard core/*/schema/*.sql modules/*/schema/*.sql)

build: build/checked/classes
build/checked/classes: tools/classes $(SCHEMAS)
	@tools/classes $(SCHEMAS)
	@mkdir -p $(@D) && touch $@
