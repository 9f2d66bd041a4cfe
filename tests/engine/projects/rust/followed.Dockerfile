FROM --platform=$BUILDPLATFORM debian:bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends cargo rustc gcc libc6-dev
ARG TARGETARCH
RUN case "$TARGETARCH" in \
      amd64) debian=amd64 triple=x86_64-linux-gnu ;; \
      arm64) debian=arm64 triple=aarch64-linux-gnu ;; \
      *) echo "unsupported TARGETARCH=$TARGETARCH" >&2; exit 1 ;; \
    esac \
 && dpkg --add-architecture $debian && apt-get update \
 && apt-get install -y --no-install-recommends crossbuild-essential-$debian libstd-rust-dev:$debian \
 && rust="${triple%-gnu}" && rust="${rust%-linux}-unknown-linux-gnu" \
 && printf 'TARGET=%s\nLINKER=%s\n' "$rust" "$triple-gcc" > /cross.env
WORKDIR /src
COPY . .
RUN . /cross.env \
 && export CARGO_TARGET_$(echo "$TARGET" | tr a-z- A-Z_)_LINKER="$LINKER" \
 && cargo build --release --locked --target "$TARGET" \
 && cp "target/$TARGET/release/fizz" /fizz

FROM debian:bookworm-slim
COPY --from=build /fizz /fizz
ENTRYPOINT ["/fizz"]
