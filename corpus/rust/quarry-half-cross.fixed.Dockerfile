# Compiles for the target, on the target: emulated for nothing.
FROM tonistiigi/xx:1.6.1 AS xx

FROM --platform=$BUILDPLATFORM rust:1.85-alpine AS builder
RUN apk add --no-cache clang lld git
COPY --from=xx / /
WORKDIR /quarry
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry cargo fetch --locked
ARG TARGETPLATFORM
RUN xx-apk add --no-cache gcc musl-dev
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    xx-cargo build --release --locked --target-dir /out \
    && mv "/out/$(xx-cargo --print-target-triple)/release/quarry" /usr/local/bin/quarry \
    && xx-verify --static /usr/local/bin/quarry

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=builder /usr/local/bin/quarry /quarry
ENTRYPOINT ["/quarry"]
