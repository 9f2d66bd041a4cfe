# syntax=docker/dockerfile:1
ARG NODE_VERSION=22.14
ARG NGINX_VERSION=1.27

FROM node:${NODE_VERSION}-alpine AS dependencies
WORKDIR /dashboard
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund

FROM dependencies AS test
COPY . .
RUN npm run lint && npm test -- --watch=false --browsers=ChromeHeadless

FROM dependencies AS build
ARG API_URL=/api
ENV VITE_API_URL=${API_URL}
COPY . .
# Compressed beforehand: nginx serves them with gzip_static.
RUN npm run build -- --base=/dashboard/ \
 && find dist -type f -name '*.js' -exec gzip -9 -k {} +

FROM nginxinc/nginx-unprivileged:${NGINX_VERSION}-alpine
COPY deploy/nginx.conf.template /etc/nginx/templates/default.conf.template
COPY --from=build --chown=101:101 /dashboard/dist /usr/share/nginx/html/dashboard
EXPOSE 8080
