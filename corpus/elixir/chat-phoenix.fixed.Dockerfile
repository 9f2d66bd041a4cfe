ARG ELIXIR=1.18.1
ARG ERLANG=27.2
ARG DEBIAN=bookworm-20241223-slim

FROM --platform=$BUILDPLATFORM node:22-bookworm-slim AS assets
WORKDIR /app/assets
COPY assets/package.json assets/package-lock.json ./
RUN npm ci --progress=false --no-audit --loglevel=error
COPY assets ./
RUN npm run build -- --outdir=/app/priv/static/assets

FROM hexpm/elixir:${ELIXIR}-erlang-${ERLANG}-debian-${DEBIAN} AS builder
RUN apt-get update -y && apt-get install -y --no-install-recommends build-essential git
WORKDIR /app
RUN mix local.hex --force && mix local.rebar --force
ENV MIX_ENV=prod
COPY mix.exs mix.lock ./
COPY config/config.exs config/prod.exs config/
RUN mix deps.get --only prod && mix deps.compile
COPY lib lib
COPY --from=assets /app/priv/static priv/static
RUN mix phx.digest && mix compile
COPY config/runtime.exs config/
COPY rel rel
RUN mix release

FROM debian:${DEBIAN}
RUN apt-get update -y && apt-get install -y --no-install-recommends libstdc++6 openssl libncurses6 locales ca-certificates
WORKDIR /app
COPY --from=builder --chown=nobody:root /app/_build/prod/rel/chat ./
USER nobody
CMD ["/app/bin/server"]
