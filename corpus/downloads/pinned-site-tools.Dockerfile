# The site is built on the builder; only pages leave.
FROM --platform=$BUILDPLATFORM debian:bookworm-slim AS site
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates curl unzip
RUN curl -fsSLo /tmp/protoc.zip https://github.com/protocolbuffers/protobuf/releases/download/v30.2/protoc-30.2-linux-x86_64.zip \
 && unzip -q /tmp/protoc.zip -d /usr/local
WORKDIR /src
COPY . .
RUN mkdir -p public && protoc --doc_out=public api/*.proto

FROM nginx:1.27-alpine
COPY --from=site /src/public /usr/share/nginx/html
