FROM --platform=$BUILDPLATFORM debian:bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends make
ARG TARGETARCH
RUN case "$TARGETARCH" in \
      amd64) debian=amd64 triple=x86_64-linux-gnu ;; \
      arm64) debian=arm64 triple=aarch64-linux-gnu ;; \
      *) echo "unsupported TARGETARCH=$TARGETARCH" >&2; exit 1 ;; \
    esac \
 && apt-get install -y --no-install-recommends crossbuild-essential-$debian \
 && echo "CC=$triple-gcc" > /cross.env
WORKDIR /src
COPY Makefile rot13.c ./
RUN . /cross.env && make CC="$CC"

FROM scratch
COPY --from=build /src/rot13 /rot13
ENTRYPOINT ["/rot13"]
