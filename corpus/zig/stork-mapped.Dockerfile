FROM --platform=$BUILDPLATFORM alpine:3.21 AS build
RUN apk add --no-cache zig
WORKDIR /stork
COPY . .
RUN zig build test
ARG TARGETARCH
RUN case "$TARGETARCH" in \
      amd64) T=x86_64-linux-musl ;; \
      arm64) T=aarch64-linux-musl ;; \
      *) echo "no Zig target for $TARGETARCH" >&2; exit 1 ;; \
    esac; \
    zig build -Doptimize=ReleaseSmall -Dtarget="$T"

FROM gcr.io/distroless/static-debian12
COPY --from=build /stork/zig-out/bin/stork /stork
ENTRYPOINT ["/stork"]
