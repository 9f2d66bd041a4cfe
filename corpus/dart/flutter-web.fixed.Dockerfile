FROM --platform=$BUILDPLATFORM ghcr.io/cirruslabs/flutter:3.35.0 AS web
WORKDIR /src
COPY pubspec.* ./
RUN flutter pub get
COPY . .
ARG API_URL=https://api.example.org
RUN flutter build web --release --dart-define=API_URL=$API_URL

FROM nginx:1.27-alpine
COPY deploy/nginx.conf /etc/nginx/conf.d/default.conf
COPY --from=web /src/build/web /usr/share/nginx/html
