FROM ocaml/opam:alpine-3.20-ocaml-5.2 AS build
RUN sudo apk add --no-cache gmp-dev openssl-dev libev-dev
WORKDIR /home/opam/wheatear
COPY --chown=opam:opam wheatear.opam dune-project ./
RUN opam install . --deps-only --yes
COPY --chown=opam:opam . .
RUN opam exec -- dune build --profile release ./bin/main.exe

FROM alpine:3.20
RUN apk add --no-cache gmp libev openssl
COPY --from=build /home/opam/wheatear/_build/default/bin/main.exe /usr/local/bin/wheatear
ENTRYPOINT ["wheatear"]
