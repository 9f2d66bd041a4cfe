# syntax=docker/dockerfile:1
FROM rust:1.88-bookworm AS build
WORKDIR /src
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
    --mount=type=cache,target=/var/lib/apt,sharing=locked \
    apt-get update && apt-get install -y --no-install-recommends protobuf-compiler
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked && cp target/release/ledger /usr/local/bin/ledger

FROM debian:bookworm-slim
COPY --from=build /usr/local/bin/ledger /usr/local/bin/ledger
ENTRYPOINT ["ledger"]
