# syntax=docker/dockerfile:1.7

# Three stages share the toolchain.
ARG RUST_VERSION=1.86
FROM lukemathwalker/cargo-chef:latest-rust-${RUST_VERSION}-slim-bookworm AS chef
WORKDIR /orchard
RUN apt-get update \
 && apt-get install -y --no-install-recommends pkg-config libssl-dev libpq-dev protobuf-compiler \
 && rm -rf /var/lib/apt/lists/*

FROM chef AS planner
COPY . .
RUN cargo chef prepare --recipe-path recipe.json

FROM chef AS builder
ENV SQLX_OFFLINE=true
COPY --from=planner /orchard/recipe.json recipe.json
RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    cargo chef cook --release --recipe-path recipe.json
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    cargo build --release --locked --bin orchard-api --bin orchard-worker

FROM debian:bookworm-slim AS runtime
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates libpq5 libssl3 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 orchard
COPY --from=builder /orchard/migrations /migrations
COPY --from=builder /orchard/target/release/orchard-api /orchard/target/release/orchard-worker /usr/local/bin/
USER orchard
EXPOSE 8080
CMD ["orchard-api"]
