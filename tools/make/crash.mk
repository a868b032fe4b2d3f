# crash.mk - killing the server under load, and a disk that loses its power.

# The double of the disk stands in for file calls: it is linked where it is wanted, never elsewhere.
CRASH_POWER := $(B)/tests/crash/power.o $(B)/tests/crash/power_image.o
$(B)/tests/crash/power_test: $(CRASH_POWER)
$(B)/tests/crash/power_test: LDLIBS += $(CRASH_POWER)
