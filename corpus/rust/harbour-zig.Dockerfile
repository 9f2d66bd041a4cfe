FROM rust:1.86-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends python3-pip \
    && pip install --break-system-packages ziglang==0.13.0 \
    && cargo install --locked cargo-zigbuild@0.20.0
WORKDIR /harbour
COPY . .
RUN rustup target add aarch64-unknown-linux-gnu
RUN cargo zigbuild --release --locked --target aarch64-unknown-linux-gnu.2.28
RUN install -D target/aarch64-unknown-linux-gnu/release/harbour /out/harbour

FROM debian:bookworm-slim
COPY --from=build /out/harbour /usr/local/bin/harbour
ENTRYPOINT ["harbour"]
