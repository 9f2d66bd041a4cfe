FROM eclipse-temurin:17-jdk-jammy AS unpack
WORKDIR /unpack
ARG WAR=build/libs/catalogue.war
COPY ${WAR} catalogue.war
RUN mkdir -p exploded && (cd exploded && jar -xf ../catalogue.war)
COPY tools/Warmup.java .
RUN javac -cp 'exploded/WEB-INF/lib/*' -d warmup Warmup.java

FROM tomcat:10.1-jre17
RUN rm -rf webapps.dist
COPY --from=unpack /unpack/exploded webapps/ROOT
COPY --from=unpack /unpack/warmup /opt/warmup
HEALTHCHECK CMD ["java", "-cp", "/opt/warmup", "Warmup"]
