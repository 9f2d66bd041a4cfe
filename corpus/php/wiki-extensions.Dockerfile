FROM php:8.2-apache AS build
COPY --from=composer:2 /usr/bin/composer /usr/local/bin/composer
RUN apt-get update && apt-get install -y git unzip libicu-dev && docker-php-ext-install intl
WORKDIR /srv/wiki
COPY composer.json composer.lock ./
RUN composer install --no-dev --optimize-autoloader

FROM php:8.2-apache
RUN apt-get update && apt-get install -y libicu72 && rm -rf /var/lib/apt/lists/*
COPY --from=build /usr/local/lib/php/extensions/ /usr/local/lib/php/extensions/
COPY --from=build /usr/local/etc/php/conf.d/ /usr/local/etc/php/conf.d/
COPY . /var/www/html
COPY --from=build /srv/wiki/vendor /var/www/html/vendor
