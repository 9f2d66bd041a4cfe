FROM eclipse-temurin:21-jdk-alpine AS build
WORKDIR /relay
COPY . .
RUN ./gradlew --no-daemon shadowJar
RUN modules="$(jdeps --ignore-missing-deps --print-module-deps build/libs/relay-all.jar)" \
 && jlink --add-modules "$modules" --strip-debug --no-man-pages --no-header-files --compress=zip-6 --output /jre

FROM alpine:3.20
ENV JAVA_HOME=/opt/jre PATH=/opt/jre/bin:$PATH
COPY --from=build /jre $JAVA_HOME
COPY --from=build /relay/build/libs/relay-all.jar /relay.jar
ENTRYPOINT ["java", "-jar", "/relay.jar"]
