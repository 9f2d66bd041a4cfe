FROM nimlang/nim:2.0.8 AS build
WORKDIR /usr/src/godwit
COPY . .
RUN nimble build -d:release -y --verbose

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends libpcre3 libsqlite3-0 && rm -rf /var/lib/apt/lists/*
COPY --from=build /usr/src/godwit/godwit /usr/local/bin/godwit
COPY --from=build /usr/src/godwit/public /srv/godwit/public
CMD ["godwit"]
