FROM node:22-bookworm AS build
WORKDIR /usr/src/app
COPY package*.json tsconfig*.json ./
RUN npm ci
COPY src src
RUN npx tsc -p tsconfig.build.json --outDir dist

FROM node:22-bookworm AS packages
WORKDIR /usr/src/app
COPY package*.json ./
RUN npm ci --omit=dev && npm cache clean --force

FROM gcr.io/distroless/nodejs22-debian12:nonroot
WORKDIR /usr/src/app
COPY --from=packages /usr/src/app/node_modules ./node_modules
COPY --from=build /usr/src/app/dist ./dist
COPY package.json .
CMD ["dist/main.js"]
