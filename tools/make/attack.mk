# attack.mk - attacks on a server of our own, on loopback.

.PHONY: attack
attack: build ## malformed requests, slow people, ffuf, sqlmap, wapiti, slowhttptest, testssl; ONLY=
	@tools/deps attack && ONLY='$(ONLY)' tests/attack/run
