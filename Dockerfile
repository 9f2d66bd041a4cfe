# syntax=docker/dockerfile:1

# The image of dflint: docker run --rm -v "$PWD:/work" ghcr.io/dflint/dflint check
FROM --platform=$BUILDPLATFORM rust:1.95-slim-bookworm AS build
RUN apt-get update \
 && apt-get install --yes --no-install-recommends python3-pip \
 && rm -rf /var/lib/apt/lists/* \
 && pip install --no-cache-dir --break-system-packages cargo-zigbuild==0.24.0 ziglang==0.17.0
WORKDIR /src
COPY . .
ARG TARGETARCH
RUN case "$TARGETARCH" in \
      amd64) target=x86_64-unknown-linux-musl ;; \
      arm64) target=aarch64-unknown-linux-musl ;; \
      *) echo "dflint has no image for $TARGETARCH" >&2; exit 1 ;; \
    esac \
 && rustup target add "$target" \
 && cargo zigbuild --release --locked --bin dflint --target "$target" \
 && cp "target/$target/release/dflint" /dflint

FROM scratch
COPY --from=build /dflint /dflint
WORKDIR /work
ENTRYPOINT ["/dflint"]
CMD ["check"]
