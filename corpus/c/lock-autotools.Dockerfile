ARG DEBIAN=bookworm
FROM debian:${DEBIAN} AS build
RUN apt-get update && apt-get install -y build-essential autoconf automake libtool pkg-config libevent-dev
WORKDIR /lock
COPY . .
RUN autoreconf -fi \
 && ./configure --prefix=/usr --disable-docs \
 && make -j"$(nproc)" \
 && make install DESTDIR=/out

FROM debian:${DEBIAN}-slim
COPY --from=build /out/ /
CMD ["/usr/sbin/lockd"]
