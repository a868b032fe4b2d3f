# fuzz-text.mk - what single fuzz targets need. Strangers judge: ICU what is said of UTF-8, libxml2
# what pages hold.
$(B)/tests/fuzz/utf8_fuzz $(B)/tests/fuzz/utf8_replay: LDLIBS += -licuuc
$(B)/tests/fuzz/escape_fuzz $(B)/tests/fuzz/escape_replay: LDLIBS += -lxml2
$(B)/tests/fuzz/escape_fuzz.o: LANG_FLAGS += -isystem /usr/include/libxml2
# Every byte of these is compared many times: to watch each comparison is half of the time of a run.
$(B)/tests/fuzz/utf8_fuzz.o $(patsubst %.c,$(B)/%.o,$(wildcard core/base/text*.c core/pdf/*.c)): \
    CFLAGS_KIND += $(if $(filter fuzz,$(KIND)),-fno-sanitize-coverage=trace-cmp)
