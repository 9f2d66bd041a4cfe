FROM haskell:9.6-slim AS deps
WORKDIR /opt/lapwing
RUN apt-get update && apt-get install -y --no-install-recommends libpq-dev pkg-config && rm -rf /var/lib/apt/lists/*
COPY stack.yaml stack.yaml.lock package.yaml ./
RUN --mount=type=cache,target=/root/.stack stack build --system-ghc --only-dependencies

FROM deps AS build
COPY . .
RUN --mount=type=cache,target=/root/.stack \
    stack build --system-ghc --copy-bins --local-bin-path /out

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends libpq5 libgmp10 && rm -rf /var/lib/apt/lists/*
COPY --from=build /out/lapwing-server /usr/local/bin/
CMD ["lapwing-server"]
