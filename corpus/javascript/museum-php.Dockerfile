FROM composer:2 AS vendor
WORKDIR /app
COPY composer.json composer.lock ./
RUN composer install --no-dev --no-scripts --no-autoloader --prefer-dist

FROM node:22 AS assets
WORKDIR /app
COPY package.json yarn.lock webpack.config.js ./
RUN yarn install --immutable
COPY resources resources
COPY --from=vendor /app/vendor ./vendor
RUN yarn run build:prod

FROM php:8.4-apache
RUN docker-php-ext-install pdo_mysql opcache
WORKDIR /var/www/html
COPY . .
COPY --from=vendor /app/vendor ./vendor
COPY --from=assets /app/public/build ./public/build
