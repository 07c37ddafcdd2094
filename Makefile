# Warnings are errors. Every debug build has the same flags, so that lint, test and e2e share one build.
SWIFT_FLAGS = -Xswiftc -warnings-as-errors
SWIFT_CODE = Package.swift Sources Tests
SCRIPTS = .ci/install-packages .ci/run .ci/demo .ci/build-release certs/check Tests/e2e/run Tests/bench/run Tests/fuzz/run \
	Tests/soak/run Tests/audit/run Tests/sanitizers/run

.PHONY: help run test lint format e2e release bench soak tls-audit fuzz test-asan test-tsan clean packages

help: ## list the targets (the default)
	@awk -F ': .*## |: ## ' '/^[a-z0-9-]+:.* ## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

run: packages ## build, answer two recorded reviews over TLS, then serve until Ctrl-C
	@.ci/demo

# One test after the other: many of them start servers, clients and programs, and have deadlines of their own.
test: packages ## build and run every test; the end-to-end ones where kube-apiserver and etcd are installed
	@swift build --build-tests $(SWIFT_FLAGS)
	@Tests/e2e/run --if-installed
	@swift test --skip-build --disable-xctest --no-parallel $(SWIFT_FLAGS)

lint: packages ## check format, warnings and shell scripts
	@swift format lint --strict --parallel --recursive $(SWIFT_CODE)
	@swift build --build-tests $(SWIFT_FLAGS)
	@if command -v shellcheck >/dev/null; then shellcheck --external-sources $(SCRIPTS); \
	else echo 'lint: shellcheck is not installed, the scripts were not checked'; fi

format: ## rewrite the Swift code in its format
	@swift format --in-place --parallel --recursive $(SWIFT_CODE)

e2e: packages ## kubectl against a real kube-apiserver with the webhooks installed
	@swift build --product unikorn-region-webhook $(SWIFT_FLAGS)
	@Tests/e2e/run

release: packages ## build the program as the container image has it, guided by a profile of its work
	@.ci/build-release

bench: packages ## measure against nginx and libyaml (BENCH_SECONDS, BENCH_ROUNDS)
	@Tests/bench/run

soak: packages ## mixed traffic at full speed: no request lost, no memory kept (SOAK_SECONDS)
	@Tests/soak/run

tls-audit: packages ## testssl.sh against the program, which fails for what is above LOW
	@Tests/audit/run

fuzz: ## run the fuzz targets, 30 s each (FUZZ_SECONDS, FUZZ_TARGETS)
	@Tests/fuzz/run

test-asan: packages ## the tests under the address sanitizer
	@Tests/sanitizers/run address

test-tsan: packages ## the tests under the thread sanitizer
	@Tests/sanitizers/run thread

clean: ## remove everything that was built
	@rm -rf .build .build-asan .build-tsan .build-fuzz .build-profile .build-release

packages:
	@.ci/install-packages
