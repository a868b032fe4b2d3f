# pdf-fonts.mk - the fonts that PDF pages are set in, embedded as fonts/NAME (core/pdf).
# Debian's fonts-liberation2 (the first liberation lacks half of Vietnamese) and fonts-inter.

PKGS += pangoft2
PDF_FONT_NAMES := $(foreach s,Regular Bold Italic BoldItalic,LiberationSerif-$(s).ttf Inter-$(s).otf)
MADE_ASSETS += $(PDF_FONT_NAMES:%=build/assets/fonts/%)

build/assets/fonts/LiberationSerif-%.ttf: /usr/share/fonts/truetype/liberation2/LiberationSerif-%.ttf
	@mkdir -p $(@D)
	@cp $< $@
build/assets/fonts/Inter-%.otf: /usr/share/fonts/opentype/inter/Inter-%.otf
	@mkdir -p $(@D)
	@cp $< $@
/usr/share/fonts/truetype/liberation2/%.ttf:
	@echo "Liberation 2 is not installed: apt-get install fonts-liberation2 (or make deps)" >&2; exit 1
