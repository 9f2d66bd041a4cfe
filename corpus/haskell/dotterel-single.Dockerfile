FROM haskell:9.8
WORKDIR /dotterel
RUN cabal update
COPY dotterel.cabal ./
RUN cabal build --only-dependencies -j4
COPY . .
RUN cabal build exe:dotterel
CMD ["cabal", "run", "exe:dotterel"]
