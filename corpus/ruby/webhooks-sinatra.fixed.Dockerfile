FROM ruby:3.3-alpine AS bundle
RUN apk add --no-cache build-base postgresql-dev
WORKDIR /app
COPY Gemfile Gemfile.lock ./
RUN bundle config set --local without 'development test' \
 && bundle install --jobs 4 --retry 3

FROM --platform=$BUILDPLATFORM node:22-alpine AS css
WORKDIR /app
COPY package.json package-lock.json tailwind.config.js ./
RUN npm ci
COPY views views
RUN npx tailwindcss -i views/app.css -o dist/app.css --minify

FROM ruby:3.3-alpine
RUN apk add --no-cache libpq
WORKDIR /app
COPY --from=bundle /usr/local/bundle /usr/local/bundle
COPY . .
COPY --from=css /app/dist/app.css public/app.css
CMD ["bundle", "exec", "puma", "-p", "9292"]
