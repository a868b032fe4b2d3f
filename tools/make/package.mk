# package.mk - the Debian package.

.PHONY: package package-test
package: build ## build/tinhso_VERSION_ARCH.deb
	@packaging/make-deb

package-test: package ## installs and exercises it in a bare root (root)
	@tools/deps check && packaging/tests/run
