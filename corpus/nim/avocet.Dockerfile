FROM nimlang/nim:2.2.0-alpine-regular AS build
RUN apk add --no-cache openssl-dev openssl-libs-static
WORKDIR /avocet
COPY avocet.nimble ./
RUN nimble install -d -y
COPY src src
RUN nim c -d:release -d:ssl --passL:-static --out:/out/avocet src/avocet.nim

FROM scratch
COPY --from=build /out/avocet /avocet
ENTRYPOINT ["/avocet"]
