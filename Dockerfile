# The build, with the toolchain the tests run with. What can be is linked statically; OpenSSL, libyaml and simdjson stay
# the distribution's, so that its security updates reach the image by rebuilding it.
FROM swift:6.3-bookworm AS build
RUN apt-get -q update \
    && apt-get -q -y --no-install-recommends install libssl-dev libyaml-dev libsimdjson-dev pkg-config curl wrk \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
# Dependencies first: they change less often than the code. Package.resolved is taken along where there is one.
COPY Package.swift Package.resolved* ./
RUN swift package resolve
# The manifest names the test targets, so their directories have to be there, too.
COPY Sources Sources
COPY Tests Tests
COPY .ci .ci
# Twice: the first one is put to work for half a minute, and what it counts guides the second.
RUN install -D --strip "$(.ci/build-release)" /out/unikorn-region-webhook

# The image: the same Debian release as the build's, for the same library versions.
FROM debian:bookworm-slim
RUN apt-get -q update \
    && apt-get -q -y --no-install-recommends install libssl3 libyaml-0-2 libsimdjson14 libstdc++6 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /out/unikorn-region-webhook /usr/local/bin/unikorn-region-webhook
# By number, so that runAsNonRoot can tell that it is not root.
USER 65532:65532
EXPOSE 9443 8080 8081
ENTRYPOINT ["/usr/local/bin/unikorn-region-webhook"]
