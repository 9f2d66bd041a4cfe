# The manual is the same everywhere, but a compiled generator makes it.
FROM ocaml/opam:debian-12-ocaml-5.1 AS docs
WORKDIR /home/opam/redstart
COPY --chown=opam . .
RUN opam install odoc --yes && opam exec -- dune build @doc

FROM nginx:1.27-alpine
COPY --from=docs /home/opam/redstart/_build/default/_doc/_html /usr/share/nginx/html
