# make demo     build cq and run three queries of the tour
# make test     build and run every test
# make install  build cq and copy it to $(PREFIX)/bin, with its manual page and Tab for bash, zsh and fish
# make bundle   rebuild the bundled data from the tidy CSV folder $(DATA)
# make gallery  draw the pictures of Docs/gallery again
# make bench    measure

PREFIX ?= /usr/local
DATA ?= ../shared/data
CQ := .build/release/cq

# A backtrace of a crashed test program can hang on a machine without a terminal.
export SWIFT_BACKTRACE := enable=no

.PHONY: bench bundle check-format clean demo gallery install readline release test

demo: release
	@$(CQ) examples/demo.cq

# The one product that is shipped: optimised, with the Swift library inside, so it runs wherever it is moved to.
release: readline
	swift build -c release --static-swift-stdlib --product cq

test: readline
	swift build --build-tests
	swift test --skip-build
	swift run -c release properties 100000
	Scripts/check-imports
	@if command -v python3 >/dev/null; then python3 Tests/python/read_bundled.py && Scripts/check-pictures --cq .build/debug/cq Docs/gallery/*.svg \
	  && Scripts/check-pages .build/debug/cq && Scripts/check-specifications .build/debug/cq && Scripts/check-documents .build/debug/cq; \
	else echo "skipped: there is no python3 to open the bundled files with"; fi
	@if command -v tmux >/dev/null; then Scripts/pty-test .build/debug/cq && Tests/terminal/run .build/debug/cq; \
	else echo "skipped: there is no tmux to drive a session in"; fi

check-format:
	swift format lint --strict --recursive Package.swift Sources Tests Tools examples/embedding/Sources

install: release
	install -d $(DESTDIR)$(PREFIX)/bin
	install -s -m 755 $(CQ) $(DESTDIR)$(PREFIX)/bin/cq
	install -d $(DESTDIR)$(PREFIX)/share/man/man1
	$(CQ) man >$(DESTDIR)$(PREFIX)/share/man/man1/cq.1
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	$(CQ) completions bash >$(DESTDIR)$(PREFIX)/share/bash-completion/completions/cq
	install -d $(DESTDIR)$(PREFIX)/share/zsh/site-functions
	$(CQ) completions zsh >$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_cq
	install -d $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	$(CQ) completions fish >$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/cq.fish

bundle:
	swift run -c release bundle $(DATA) Sources/CBundledData/data

gallery: release
	$(CQ) Docs/gallery/gallery.cq >/dev/null
	Scripts/check-pictures --cq $(CQ) Docs/gallery/*.svg

bench: release
	swift build -c release --product facts
	cd Benchmarks && swift build -c release
	Benchmarks/run $(CQ)

clean:
	swift package clean

# GNU readline's headers, the only thing that is not part of Swift.
readline:
	@Scripts/install-readline
