# Gradle runs npm for the front end and puts both into one jar.
FROM gradle:8.10-jdk21 AS gradle
USER root
RUN apt-get update \
 && apt-get install -y --no-install-recommends nodejs npm \
 && rm -rf /var/lib/apt/lists/*
USER gradle
WORKDIR /home/gradle/shop
COPY --chown=gradle:gradle settings.gradle.kts build.gradle.kts gradle.properties ./
RUN gradle --no-daemon dependencies || true
COPY --chown=gradle:gradle . .
RUN gradle --no-daemon :frontend:assemble :server:bootJar -x test

FROM gcr.io/distroless/java21-debian12:nonroot
COPY --from=gradle /home/gradle/shop/server/build/libs/server.jar /server.jar
USER nonroot
CMD ["/server.jar"]
