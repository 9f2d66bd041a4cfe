# Native on every builder: the Static Linux SDK compiles for the other architecture.
FROM --platform=$BUILDPLATFORM swift:6.0 AS build
ARG SDK_URL
ARG SDK_CHECKSUM
RUN swift sdk install "${SDK_URL}" --checksum "${SDK_CHECKSUM}"
WORKDIR /build
COPY Package.swift Package.resolved ./
RUN swift package resolve
COPY Sources Sources
ARG TARGETARCH
RUN case "${TARGETARCH}" in \
      amd64) ARCH=x86_64 ;; \
      arm64) ARCH=aarch64 ;; \
      *) exit 1 ;; \
    esac \
    && swift build -c release --swift-sdk "${ARCH}-swift-linux-musl" \
    && install -D ".build/${ARCH}-swift-linux-musl/release/razorbill" /out/razorbill

FROM scratch
COPY --from=build /out/razorbill /razorbill
ENTRYPOINT ["/razorbill"]
