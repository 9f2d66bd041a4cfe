# syntax=docker/dockerfile:1
# The quiz server: one program in an empty image.
FROM dart:3.9 AS build
WORKDIR /app

# Packages first: they change less often than the code.
COPY pubspec.yaml pubspec.lock ./
RUN --mount=type=cache,target=/root/.pub-cache dart pub get --enforce-lockfile

COPY bin/ bin/
COPY lib/ lib/
RUN dart compile exe bin/quiz.dart \
    --output /app/quiz

FROM scratch
COPY --from=build /runtime/ /
COPY --from=build /app/quiz /app/quiz
COPY questions/ /app/questions/
EXPOSE 8080
ENTRYPOINT ["/app/quiz"]
