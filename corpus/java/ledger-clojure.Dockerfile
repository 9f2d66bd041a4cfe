FROM clojure:temurin-21-tools-deps-bookworm-slim AS deps
WORKDIR /ledger
COPY deps.edn ./
RUN clojure -P -T:build

FROM deps AS test
COPY . .
RUN clojure -M:test

FROM deps AS uber
COPY . .
RUN clojure -T:build uber :version "\"1.4\""

FROM azul/zulu-openjdk:21-jre
COPY --from=uber /ledger/target/ledger.jar /ledger.jar
ENV JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=75"
ENTRYPOINT ["java", "-jar", "/ledger.jar"]
