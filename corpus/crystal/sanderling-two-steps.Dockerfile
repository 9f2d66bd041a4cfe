# Compiled on the builder, linked on the target.
FROM --platform=$BUILDPLATFORM crystallang/crystal:1.14-alpine AS compile
WORKDIR /sanderling
COPY . .
RUN shards install --production
ARG TARGETARCH
RUN case "$TARGETARCH" in \
        amd64) TRIPLE=x86_64-linux-musl ;; \
        arm64) TRIPLE=aarch64-linux-musl ;; \
        *) exit 1 ;; \
    esac \
 && crystal build --release --static --cross-compile --target $TRIPLE -o /out/sanderling src/main.cr

FROM crystallang/crystal:1.14-alpine AS link
COPY --from=compile /out/sanderling.o /
RUN cc /sanderling.o -o /sanderling -static -lpcre2-8 -lgc -levent -lpthread

FROM scratch
COPY --from=link /sanderling /sanderling
ENTRYPOINT ["/sanderling"]
