# syntax=docker/dockerfile:1.7
FROM maven:3.9-amazoncorretto-21-alpine AS build
WORKDIR /workspace
COPY pom.xml ./
COPY orders-api/pom.xml orders-api/
COPY orders-domain/pom.xml orders-domain/
RUN --mount=type=cache,target=/root/.m2 mvn -B -q dependency:go-offline
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    --mount=type=secret,id=maven_settings,target=/root/.m2/settings.xml \
    mvn -B -pl orders-api -am package -DskipTests

# Layers: what changes least comes first.
FROM --platform=$BUILDPLATFORM amazoncorretto:21-alpine AS layers
WORKDIR /layers
COPY --from=build /workspace/orders-api/target/orders-api.jar app.jar
RUN java -Djarmode=layertools -jar app.jar extract

FROM amazoncorretto:21-alpine
RUN addgroup -S orders && adduser -S orders -G orders
WORKDIR /app
COPY --from=layers /layers/dependencies/ ./
COPY --from=layers /layers/spring-boot-loader/ ./
COPY --from=layers /layers/snapshot-dependencies/ ./
COPY --from=layers /layers/application/ ./
USER orders
EXPOSE 8080
ENTRYPOINT ["java", "org.springframework.boot.loader.launch.JarLauncher"]
