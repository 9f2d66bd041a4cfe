# syntax=docker/dockerfile:1
FROM node:22-slim AS theme
WORKDIR /theme
COPY theme/package*.json ./
RUN npm ci
COPY theme/ .
RUN npx webpack --mode production --output-path /theme/dist

FROM hugomods/hugo:std-exts-0.145.0 AS site
ARG BASE_URL=https://handbook.example.org/
WORKDIR /src
COPY . .
COPY --from=theme /theme/dist ./static/theme
RUN hugo --minify --baseURL "${BASE_URL}" --destination /public

FROM nginx:1.27-alpine-slim
COPY --from=site /public /usr/share/nginx/html
