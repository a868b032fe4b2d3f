# fonts.mk - what the build makes for browsers: Inter cut to Latin and Vietnamese, the style sheets
# and scripts of citizens and officers. Everything goes to build/assets/PATH and is embedded as PATH.

LOOK_ASSETS := build/assets/look/assets
INTER := /usr/share/fonts/opentype/inter
# Latin, Vietnamese, the marks on their own, punctuation of our texts, đồng, arrows, figures' signs.
INTER_UNICODES := U+0020-007E,U+00A0-00FF,U+0102,U+0103,U+0110,U+0111,U+0128,U+0129,U+0168,U+0169,U+01A0,U+01A1,U+01AF,U+01B0,U+0300,U+0301,U+0303,U+0309,U+0323,U+1EA0-1EF9,U+2010-2015,U+2018-201E,U+2022,U+2026,U+2030,U+2032,U+2033,U+20AB,U+20AC,U+2116,U+2190-2193,U+21B5,U+2212,U+2248,U+2260,U+2264,U+2265,U+25B2,U+25BC,U+25CF

INTER_FONTS := $(LOOK_ASSETS)/inter-400.woff2 $(LOOK_ASSETS)/inter-500.woff2 $(LOOK_ASSETS)/inter-600.woff2
$(LOOK_ASSETS)/inter-400.woff2: $(INTER)/Inter-Regular.otf
$(LOOK_ASSETS)/inter-500.woff2: $(INTER)/Inter-Medium.otf
$(LOOK_ASSETS)/inter-600.woff2: $(INTER)/Inter-SemiBold.otf
$(INTER_FONTS): tools/make/fonts.mk
	@mkdir -p $(@D)
	@echo "  font $(@F)"
	@hb-subset $(filter %.otf,$^) --output-file=$@.part.otf --unicodes=$(INTER_UNICODES) \
	    --layout-features=kern,tnum --no-hinting --desubroutinize --name-IDs=0,1,2,13,14
	@woff2_compress $@.part.otf >/dev/null 2>&1 && rm $@.part.otf && mv $@.part.woff2 $@
$(INTER)/%.otf:
	@echo "Inter is not installed: apt-get install fonts-inter libharfbuzz-bin woff2 (or make deps)" >&2; exit 1

CSS_PARTS := tokens fonts base button field state list card chart
CITIZEN_CSS := $(CSS_PARTS:%=look/css/%.css) look/css/citizen.css look/css/print.css
OFFICER_CSS := $(CSS_PARTS:%=look/css/%.css) look/css/officer.css look/css/print.css
$(LOOK_ASSETS)/citizen.css: $(CITIZEN_CSS)
$(LOOK_ASSETS)/officer.css: $(OFFICER_CSS)
$(LOOK_ASSETS)/wall.css: look/css/wall.css
$(LOOK_ASSETS)/citizen.css $(LOOK_ASSETS)/officer.css $(LOOK_ASSETS)/wall.css: tools/pack-css $(INTER_FONTS) $(wildcard look/css/*.svg)
	@mkdir -p $(@D)
	@tools/pack-css $(LOOK_ASSETS) $(filter %.css,$^) > $@.part
	@mv $@.part $@

# Scripts: one file a role.
$(LOOK_ASSETS)/citizen.js: look/js/page.js look/js/check.js
$(LOOK_ASSETS)/officer.js: look/js/page.js look/js/check.js look/js/keys.js look/js/live.js
$(LOOK_ASSETS)/kiosk.js: look/js/kiosk.js
$(LOOK_ASSETS)/wall.js: look/js/wall.js
$(LOOK_ASSETS)/citizen.js $(LOOK_ASSETS)/officer.js $(LOOK_ASSETS)/kiosk.js $(LOOK_ASSETS)/wall.js:
	@mkdir -p $(@D)
	@cat $^ > $@

MADE_ASSETS += $(LOOK_ASSETS)/citizen.js $(LOOK_ASSETS)/officer.js $(LOOK_ASSETS)/kiosk.js $(LOOK_ASSETS)/wall.js $(INTER_FONTS) $(LOOK_ASSETS)/citizen.css $(LOOK_ASSETS)/officer.css $(LOOK_ASSETS)/wall.css
