# ---- compile
FROM swift:6.0-noble AS build
RUN export DEBIAN_FRONTEND=noninteractive \
    && apt-get -q update && apt-get -q dist-upgrade -y \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY ./Package.* ./
RUN swift package resolve
COPY . .
RUN swift build -c release --product Guillemot --static-swift-stdlib -j 4
WORKDIR /staging
RUN cp "$(swift build --package-path /build -c release --show-bin-path)/Guillemot" ./
RUN find -L /build/.build/release/ -regex '.*\.resources$' -exec cp -Ra {} ./ \;

# ---- run
FROM ubuntu:noble
RUN useradd --user-group --create-home --system --home-dir /app guillemot
WORKDIR /app
COPY --from=build --chown=guillemot:guillemot /staging /app
USER guillemot:guillemot
ENTRYPOINT ["./Guillemot"]
