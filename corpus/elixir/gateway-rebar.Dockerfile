FROM erlang:27 AS build
WORKDIR /build
COPY rebar.config rebar.lock ./
RUN rebar3 get-deps && rebar3 as prod compile
COPY . .
RUN rebar3 as prod tar && mkdir /release && tar -xzf _build/prod/rel/gateway/*.tar.gz -C /release

FROM debian:bookworm-slim
COPY --from=build /release /opt/gateway
ENTRYPOINT ["/opt/gateway/bin/gateway", "foreground"]
