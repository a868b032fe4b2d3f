# fuzz-text.mk - ICU judges what is said of UTF-8.
$(B)/tests/fuzz/utf8_fuzz $(B)/tests/fuzz/utf8_replay: LDLIBS += -licuuc
